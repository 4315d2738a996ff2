// SPDX-License-Identifier: Apache-2.0
package org.lamella.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeviceTest {

    @Test
    void readsWhatTheEnvironmentNames() {
        assertThat(Device.find("cpu")).isEqualTo(Device.cpu()).hasToString("cpu");
        assertThat(Device.find("cuda")).hasToString("cuda:0");
        assertThat(Device.find(" cuda:1 ")).isEqualTo(new Device("cuda", 1)).hasToString("cuda:1");
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> Device.find("gpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LAMELLA_DEVICE must be cpu, cuda or cuda:N; got \"gpu\"");
        assertThatThrownBy(() -> new Device("mps", 0)).hasMessage("device must be cpu or cuda; got \"mps\"");
        assertThatThrownBy(() -> new Device("cpu", 1)).hasMessage("index of a cpu device must exist; got 1");
    }
}
