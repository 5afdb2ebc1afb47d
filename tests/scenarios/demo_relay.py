"""usage: demo_relay.py DESCRIPTOR PORT

Carries connections of an inherited socket, which listens in another network, to PORT of this one's loopback.
For the demo alone: eic-console sees this process as whoever connects."""
import socket
import sys
import threading


def carry(source, target):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # One end is gone: so is the connection.
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def serve(client, port):
    with client, socket.create_connection(("127.0.0.1", port)) as console:
        for end in (client, console):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        back = threading.Thread(target=carry, args=(console, client), daemon=True)
        back.start()
        carry(client, console)
        back.join()


def main():
    listener = socket.socket(fileno=int(sys.argv[1]))
    port = int(sys.argv[2])
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, port), daemon=True).start()


main()
