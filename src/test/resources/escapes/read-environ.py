# SPDX-License-Identifier: Apache-2.0
# Reads the environment of the host.
open('/proc/@PID@/environ', 'rb').read()
print('ESCAPED')
