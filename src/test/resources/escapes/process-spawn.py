# SPDX-License-Identifier: Apache-2.0
# Starts a program another way.
import os
os.posix_spawn('/usr/bin/true', ['true'], {})
print('ESCAPED')
