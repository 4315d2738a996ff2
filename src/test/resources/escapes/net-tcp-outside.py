# SPDX-License-Identifier: Apache-2.0
# Talks to the world.
import socket
socket.create_connection(('1.1.1.1', 53), 1)
print('ESCAPED')
