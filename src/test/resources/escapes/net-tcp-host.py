# SPDX-License-Identifier: Apache-2.0
# Talks to a server on the host.
import socket
socket.create_connection(('127.0.0.1', @PORT@), 2)
print('ESCAPED')
