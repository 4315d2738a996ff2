// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import java.util.Map;
import java.util.Set;

/**
 * Named tensors in files, whatever their format: {@link SafeTensors} and {@link Gguf}.
 *
 * <p>Tensors taken from a file outlive it. The file must not be changed in place while tensors of it are open.
 */
public interface TensorFile extends AutoCloseable {

    /** Returns the names of all tensors in alphabetical order. */
    Set<String> names();

    /** Returns the type that {@link #tensor} has. */
    DType dtype(String name);

    /** Returns the shape of a tensor. */
    long[] shape(String name);

    /** Returns a tensor as the file has it, frozen: a view of the mapped file where its form allows, else a copy. */
    Tensor tensor(String name, Scope owner);

    /** Returns a tensor in single precision: a frozen view where the file has it so, otherwise a converted copy. */
    Tensor single(String name, Scope owner);

    /** Returns what the file says about itself, every value as a text. */
    Map<String, String> metadata();

    /** Returns how many bytes all tensors take in the file. */
    long bytes();

    /** Lets the file go; tensors taken from it stay. */
    @Override
    void close();
}
