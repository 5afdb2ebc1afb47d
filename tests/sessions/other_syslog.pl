#!/usr/bin/perl
# usage: other_syslog.pl FILE
#
# A syslog daemon that takes /dev/log over from journald, and writes down what it gets, a line each.
use strict;
use warnings;
use IO::Handle;
use Socket;

open(my $file, ">", $ARGV[0]) or die "$ARGV[0]: $!";
$file->autoflush(1);
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
unlink("/dev/log");
bind($socket, sockaddr_un("/dev/log")) or die "/dev/log: $!";
chmod(0666, "/dev/log");
while (defined recv($socket, my $line, 8192, 0)) { print $file "$line\n" }
