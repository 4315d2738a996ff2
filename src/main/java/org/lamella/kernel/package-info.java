// SPDX-License-Identifier: Apache-2.0
/** The Jupyter kernel of Lamella: Java cells, run by JShell in this virtual machine. */
@NullMarked
package org.lamella.kernel;

import org.jspecify.annotations.NullMarked;
