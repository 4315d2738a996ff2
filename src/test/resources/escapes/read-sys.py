# SPDX-License-Identifier: Apache-2.0
# Reads the devices.
import os
os.listdir('/sys')
print('ESCAPED')
