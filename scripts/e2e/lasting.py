"""One TCP connection that has to live on.

lasting.py serve PORT: sends back what it gets.
lasting.py call ADDRESS PORT FILE: sends and gets bytes in turn until FILE exists, then prints the longest wait in seconds.
"""
import os
import socket
import sys
import time


def serve(port):
    listener = socket.create_server(("", port))
    while True:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)


def call(address, port, end):
    longest = 0.0
    with socket.create_connection((address, port), 10) as connection:
        connection.settimeout(60)
        while not os.path.exists(end):
            begin = time.monotonic()
            connection.sendall(b"x")
            if connection.recv(1) != b"x":
                sys.exit("the connection has ended")
            longest = max(longest, time.monotonic() - begin)
            time.sleep(0.1)
    print(f"{longest:.1f}")


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    call(sys.argv[2], int(sys.argv[3]), sys.argv[4])
