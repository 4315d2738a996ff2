# SPDX-License-Identifier: Apache-2.0
# Talks to a socket file of the host.
import socket
socket.socket(socket.AF_UNIX).connect('@FOLDER@/socket')
print('ESCAPED')
