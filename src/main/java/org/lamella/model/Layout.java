// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import org.lamella.tensor.Script;

/** The one TorchScript function that lays out a batch. */
final class Layout {

    static final Script SCRIPT = Script.compile("""
            def grid(self, lengths: Tensor, columns: Tensor) -> Tensor:
              return torch.lt(torch.unsqueeze(columns, 0), torch.unsqueeze(lengths, 1))  # (B, T)
            """);

    private Layout() {}
}
