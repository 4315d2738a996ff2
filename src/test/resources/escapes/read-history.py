# SPDX-License-Identifier: Apache-2.0
# Looks into temporary folders of the host.
import os
if os.listdir('/tmp') or os.path.exists('/var/tmp') or os.path.exists('/run'):
    print('ESCAPED')
