# SPDX-License-Identifier: Apache-2.0
# Reads all packets.
import socket
socket.socket(17, socket.SOCK_RAW)
print('ESCAPED')
