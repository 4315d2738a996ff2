# SPDX-License-Identifier: Apache-2.0
# Renames the machine.
import socket
socket.sethostname('escaped')
print('ESCAPED')
