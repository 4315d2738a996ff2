# SPDX-License-Identifier: Apache-2.0
# Asks for a name.
import socket
socket.getaddrinfo('example.com', 80)
print('ESCAPED')
