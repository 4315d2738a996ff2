# SPDX-License-Identifier: Apache-2.0
# Listens under an abstract name.
import socket
socket.socket(socket.AF_UNIX).bind('\0lamella-escape')
print('ESCAPED')
