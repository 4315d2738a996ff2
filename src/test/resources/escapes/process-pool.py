# SPDX-License-Identifier: Apache-2.0
# Shares work.
import multiprocessing
multiprocessing.get_context('fork').Process(target=print, args=('ESCAPED',)).start()
