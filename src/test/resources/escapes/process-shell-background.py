# SPDX-License-Identifier: Apache-2.0
# Becomes a shell that leaves something behind.
import os
os.execv('/bin/sh', ['sh', '-c', 'sleep 300 & echo ESCAPED'])
