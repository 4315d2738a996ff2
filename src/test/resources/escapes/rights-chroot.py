# SPDX-License-Identifier: Apache-2.0
# Takes another root.
import os
os.chroot('/tmp')
print('ESCAPED')
