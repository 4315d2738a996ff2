# SPDX-License-Identifier: Apache-2.0
# Kills its parent.
import os, signal, time
parent = os.getppid()
os.kill(parent, signal.SIGKILL)
time.sleep(0.2)
if os.getppid() != parent:
    print('ESCAPED')
