# SPDX-License-Identifier: Apache-2.0
# Goes through another's folder.
import os
os.listdir('/proc/@PID@/cwd')
print('ESCAPED')
