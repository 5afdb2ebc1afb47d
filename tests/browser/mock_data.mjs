// What the stand-in lists, and how logins to some of it fail.

const IMAGES = [
  ["al2023-ami-2023.9.20261101.0-kernel-6.12-x86_64", "ec2-user"],
  ["ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20261110", "ubuntu"],
  ["debian-13-amd64-20261102-1777", "admin"],
  ["RHEL-10.1.0_HVM-20261020-x86_64-1-Hourly2-GP3", "ec2-user"],
];
const NAMES = ["web", "api", "worker", "build", "db", "cache", "search", "queue", "bastion", "metrics"];

function instance(index, name, state = "running") {
  const [image_name, user] = IMAGES[index % IMAGES.length];
  const hex = (0x10000000 + index * 2654435).toString(16);
  const public_ip = index % 3 === 2 || state !== "running" ? null : `203.0.113.${1 + (index % 254)}`;
  const private_ip = `10.0.${index >> 8}.${index & 255}`;
  const ipv6 = index % 4 === 0 ? `2001:db8::${(index + 1).toString(16)}` : null;
  const addresses = [
    { kind: "public", address: public_ip, usable: Boolean(public_ip), why_not: public_ip ? "" : "the instance has no public IPv4 address" },
    { kind: "ipv6", address: ipv6, usable: false, why_not: ipv6 ? "this machine has no IPv6 route" : "the instance has no IPv6 address" },
    { kind: "private", address: private_ip, usable: true, why_not: "" },
    { kind: "endpoint", address: null, usable: false, why_not: "eic-console does not support EC2 Instance Connect Endpoints" },
  ];
  return {
    id: `i-0${hex}${hex}`.slice(0, 19),
    name,
    state,
    zone: `us-west-2${"abc"[index % 3]}`,
    type: ["t3.small", "m7g.large", "c7i.2xlarge"][index % 3],
    image: `ami-0${hex}${hex}`.slice(0, 21),
    image_name,
    public_ip,
    private_ip,
    ipv6,
    private_dns: `ip-${private_ip.replaceAll(".", "-")}.us-west-2.compute.internal`,
    user,
    user_from: "image",
    addresses,
  };
}

export function instances(count) {
  const named = ["web-1", "web-2", "no-permission", "port-closed", "changed", "refused", "wrong-user", "asks"];
  const all = named.map((name, index) => instance(index, name));
  all.push(instance(20, "sleeping", "stopped"));
  const alone = instance(21, "hidden");
  for (const one of alone.addresses) Object.assign(one, { address: null, usable: false, why_not: "the instance has no address of this kind" });
  all.push({ ...alone, public_ip: null, private_ip: null, ipv6: null });
  for (let index = all.length; index < count; index++) {
    all.push(instance(index, `${NAMES[index % NAMES.length]}-${index}`));
  }
  return all;
}

// By the name of the instance.
export const failures = {
  "no-permission": {
    slug: "no-permission",
    step: "push",
    words: "AWS does not let alice push a key to no-permission.",
    next: "Ask for the permission ec2-instance-connect:SendSSHPublicKey on the instance.",
  },
  "port-closed": {
    slug: "port-closed",
    step: "connect",
    words: "203.0.113.4 does not answer on port 22.",
    next: "Its security group would have to allow port 22 from your address.",
  },
  changed: {
    slug: "host-key-changed",
    step: "host-key",
    words: "The host key of changed is not the one that was seen before.",
    next: "If the instance was made anew, forget the old key: eic forget i-0…",
  },
  refused: {
    slug: "key-refused",
    step: "login",
    words: "refused took the connection and refused the pushed key.",
    next: "On the instance, run: ec2-instance-connect explain ec2-user SHA256:…",
  },
  "wrong-user": {
    slug: "wrong-user",
    step: "login",
    words: "wrong-user has no user ec2-user, as it seems.",
    next: "The image looks like Debian: try admin.",
  },
};
