// SPDX-License-Identifier: Apache-2.0
package org.lamella.lora;

import java.util.Comparator;
import java.util.List;
import org.lamella.base.Listing;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What {@link AdapterDoctor} found in a folder, the worst first.
 *
 * @param findings each thing found
 */
public record Diagnosis(List<Finding> findings) implements Listing {

    /** Sorts the findings. */
    public Diagnosis {
        findings = findings.stream()
                .distinct()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    /** Returns whether nothing is wrong; there may be notes. */
    public boolean healthy() {
        return findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE);
    }

    /** Returns one row a finding: severity, where, what is wrong, what PEFT does, remedy. */
    @Override
    public Table table() {
        StringColumn severity = StringColumn.create("severity");
        StringColumn where = StringColumn.create("where");
        StringColumn problem = StringColumn.create("what is wrong");
        StringColumn consequence = StringColumn.create("what PEFT does");
        StringColumn remedy = StringColumn.create("remedy");
        for (Finding finding : findings) {
            severity.append(finding.severity().name().toLowerCase(java.util.Locale.ROOT));
            where.append(finding.where());
            problem.append(finding.problem());
            consequence.append(finding.consequence());
            remedy.append(finding.remedy());
        }
        String title = findings.isEmpty() ? "adapter: nothing is wrong" : "adapter: " + findings.size() + " findings";
        return Table.create(title, severity, where, problem, consequence, remedy);
    }
}
