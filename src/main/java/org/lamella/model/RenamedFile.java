// SPDX-License-Identifier: Apache-2.0
package org.lamella.model;

import java.util.Map;
import java.util.Set;
import org.lamella.base.FormatException;
import org.lamella.tensor.DType;
import org.lamella.tensor.Scope;
import org.lamella.tensor.Tensor;
import org.lamella.tensor.TensorFile;

/**
 * A file of tensors under other names.
 *
 * @param file the file
 * @param own the file's name of each
 */
record RenamedFile(TensorFile file, Map<String, String> own) implements TensorFile {

    private String own(String name) {
        String found = own.get(name);
        if (found == null) {
            throw new FormatException("tensors", name + " must be there; got " + own.size() + " tensors without it");
        }
        return found;
    }

    @Override
    public Set<String> names() {
        return own.keySet();
    }

    @Override
    public DType dtype(String name) {
        return file.dtype(own(name));
    }

    @Override
    public long[] shape(String name) {
        return file.shape(own(name));
    }

    @Override
    public Tensor tensor(String name, Scope owner) {
        return file.tensor(own(name), owner);
    }

    @Override
    public Tensor single(String name, Scope owner) {
        return file.single(own(name), owner);
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    @Override
    public long bytes() {
        return file.bytes();
    }

    @Override
    public void close() {
        file.close();
    }
}
