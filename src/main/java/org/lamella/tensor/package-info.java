// SPDX-License-Identifier: Apache-2.0
/** Tensors, scripts and files of tensors on libtorch. */
@NullMarked
package org.lamella.tensor;

import org.jspecify.annotations.NullMarked;
