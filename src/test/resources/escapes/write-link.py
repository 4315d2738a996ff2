# SPDX-License-Identifier: Apache-2.0
# Links a program to change it.
import os
os.link('/usr/bin/python3', '/tmp/python')
print('ESCAPED')
