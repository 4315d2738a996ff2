# SPDX-License-Identifier: Apache-2.0
# Opens a raw socket.
import socket
socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
print('ESCAPED')
