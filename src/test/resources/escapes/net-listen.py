# SPDX-License-Identifier: Apache-2.0
# Opens a port.
import socket
socket.create_server(('0.0.0.0', 0))
print('ESCAPED')
