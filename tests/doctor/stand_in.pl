# usage: perl stand_in.pl MODE
#
# Stands in for metadata on 169.254.169.254:80, wrongly: a status for every request; `silent`, which
# takes connections and never answers; `garbage`, which is no HTTP; `evidence-less`, which has a token
# and an instance's id, and 500 for all else.
use strict;
use warnings;
use IO::Socket::INET;

my $mode = shift @ARGV;
my $listener = IO::Socket::INET->new(
    LocalAddr => '169.254.169.254', LocalPort => 80, Listen => 16, ReuseAddr => 1)
  or die "cannot listen: $!";
$SIG{PIPE} = 'IGNORE';
$| = 1;
print "ready\n";
my @kept;

sub answer {
    my ($status, $body) = @_;
    return "HTTP/1.1 $status X\r\nContent-Length: " . length($body) .
      "\r\nConnection: close\r\n\r\n$body";
}

while (my $client = $listener->accept()) {
    if ($mode eq 'silent') {
        push @kept, $client;
        next;
    }
    my $request = '';
    while ($request !~ /\r\n\r\n/) {
        last unless sysread($client, $request, 4096, length $request);
    }
    if ($mode eq 'garbage') {
        print {$client} "this is no HTTP\n";
    } elsif ($mode ne 'evidence-less') {
        print {$client} answer($mode, '');
    } elsif ($request =~ m{^PUT /latest/api/token }) {
        print {$client} answer(200, 'token');
    } elsif ($request =~ m{^GET /latest/meta-data/instance-id }) {
        print {$client} answer(200, 'i-0123456789abcdef0');
    } else {
        print {$client} answer(500, '');
    }
    close $client;
}
