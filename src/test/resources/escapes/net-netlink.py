# SPDX-License-Identifier: Apache-2.0
# Asks the kernel for its routes.
import socket
socket.socket(16, socket.SOCK_RAW, 0)
print('ESCAPED')
