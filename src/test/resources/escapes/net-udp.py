# SPDX-License-Identifier: Apache-2.0
# Sends a datagram.
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('1.1.1.1', 53))
print('ESCAPED')
