// SPDX-License-Identifier: Apache-2.0
package org.lamella.data;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.lamella.base.FormatException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Reads the records of an XML file: the elements that hold elements, each of which holds text only. Their names are the
 * columns. Nothing outside the file is read, and it may define no entities.
 */
final class XmlRecords {

    private XmlRecords() {}

    static Grid parse(String place, String text) {
        List<Element> all = elements(document(place, text), "*");
        List<Map<String, String>> records = new ArrayList<>();
        Set<String> columns = new LinkedHashSet<>();
        for (Element element : all) {
            Map<String, String> record = record(element);
            if (!record.isEmpty()) {
                records.add(record);
                columns.addAll(record.keySet());
            }
        }
        if (records.isEmpty()) {
            throw new FormatException(place, "file must hold elements that hold elements with text; got none");
        }
        List<Grid.Row> rows = new ArrayList<>();
        for (Map<String, String> record : records) {
            rows.add(new Grid.Row(
                    "record " + (rows.size() + 1),
                    columns.stream()
                            .map(column -> record.getOrDefault(column, ""))
                            .toList()));
        }
        return new Grid(place, List.copyOf(columns), rows);
    }

    // empty when the element is no record
    private static Map<String, String> record(Element element) {
        Map<String, String> cells = new LinkedHashMap<>();
        for (Element child : children(element)) {
            if (!children(child).isEmpty()) {
                return Map.of();
            }
            cells.put(child.getTagName(), child.getTextContent());
        }
        return cells;
    }

    private static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }

    /** Returns the elements below, at any depth, that have a name, in their order; all for {@code *}. */
    static List<Element> elements(Element below, String name) {
        NodeList found = below.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    /** Returns the outermost element of a text; anything but XML without entities of its own is an error. */
    static Element document(String place, String text) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // nothing on the console
            return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new FormatException(place, "text must be XML without entities of its own; " + Fields.reason(e), e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("every Java must read XML; got one that does not", e);
        }
    }
}
