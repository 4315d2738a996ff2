# SPDX-License-Identifier: Apache-2.0
# Talks to a server on the host by IPv6.
import socket
socket.create_connection(('::1', @PORT@), 2)
print('ESCAPED')
