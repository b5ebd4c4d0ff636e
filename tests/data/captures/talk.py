#!/usr/bin/env python3
"""A mail server that takes one letter and forgets it: talk.py PORT"""
import socketserver
import sys


class Mail(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 mail.example.org ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 good bye")
                return
            else:
                self.say("250 ok")


socketserver.TCPServer.allow_reuse_address = True
with socketserver.TCPServer(("", int(sys.argv[1])), Mail) as server:
    server.serve_forever()
