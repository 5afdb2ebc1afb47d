// Search and order of the list of instances. Nothing here touches the page.

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const haystacks = new WeakMap();

function haystack(instance) {
  let text = haystacks.get(instance);
  if (text === undefined) {
    const { id, name, state, zone, type, image, image_name, public_ip, private_ip, ipv6, private_dns } = instance;
    text = [name, id, state, zone, type, public_ip, private_ip, ipv6, private_dns, image, image_name]
      .filter(Boolean)
      .join("\n")
      .toLowerCase();
    haystacks.set(instance, text);
  }
  return text;
}

// The instances in which every word of `query` occurs somewhere, in their order.
export function search(instances, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return instances;
  return instances.filter((instance) => {
    const text = haystack(instance);
    return words.every((word) => text.includes(word));
  });
}

const address = (instance) => instance.public_ip || instance.ipv6 || instance.private_ip || "";
const KEYS = {
  name: (instance) => instance.name || instance.id,
  state: (instance) => instance.state,
  zone: (instance) => instance.zone,
  address,
  image: (instance) => instance.image_name || instance.image || "",
};

// A sorted copy. Equal ones stay in the order of their names, then their ids.
export function sort(instances, key, descending = false) {
  const of = KEYS[key];
  const rows = instances.map((instance) => ({ instance, key: of(instance), name: KEYS.name(instance) }));
  const sign = descending ? -1 : 1;
  rows.sort(
    (a, b) =>
      sign * collator.compare(a.key, b.key) ||
      collator.compare(a.name, b.name) ||
      collator.compare(a.instance.id, b.instance.id),
  );
  return rows.map((row) => row.instance);
}

export { address as mainAddress };
