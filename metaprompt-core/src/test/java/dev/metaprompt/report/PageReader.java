package dev.metaprompt.report;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Reads a page as XML, which refuses what a browser would silently mend. */
final class PageReader {
    private final Document document;

    /** A table's rows as texts, the header's among them. */
    record Rows(String name, List<List<String>> rows) {
        /** Returns the only row whose first cell is a text. */
        List<String> row(String first) {
            List<List<String>> found =
                    rows.stream().filter(row -> row.get(0).equals(first)).toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " rows “" + first + "” in " + name + ": " + rows);
            }
            return found.get(0);
        }
    }

    PageReader(String page) {
        try {
            document = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(page)));
        } catch (Exception e) {
            throw new AssertionError("the page is no XML: " + e.getMessage(), e);
        }
    }

    String text() {
        return document.getDocumentElement().getTextContent();
    }

    /** Returns all elements of a name; {@code *} for any. */
    List<Element> all(String name) {
        return elements(document.getElementsByTagName(name));
    }

    static List<Element> all(Element parent, String name) {
        return elements(parent.getElementsByTagName(name));
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> list = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            list.add((Element) nodes.item(i));
        }
        return list;
    }

    /** Returns the tables, named by what a screen reader says before them. */
    List<Rows> tables() {
        return all("table").stream().map(PageReader::rows).toList();
    }

    /** Returns the only table whose name has a text in it. */
    Rows table(String name) {
        List<Rows> found =
                tables().stream().filter(table -> table.name().contains(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " tables “" + name + "” among "
                    + tables().stream().map(Rows::name).toList());
        }
        return found.get(0);
    }

    private static Rows rows(Element table) {
        List<List<String>> rows = new ArrayList<>();
        for (Element row : all(table, "tr")) {
            List<String> cells = new ArrayList<>();
            for (Node cell = row.getFirstChild(); cell != null; cell = cell.getNextSibling()) {
                if (cell instanceof Element) {
                    cells.add(cell.getTextContent().strip());
                }
            }
            rows.add(cells);
        }
        return new Rows(((Element) table.getParentNode()).getAttribute("aria-label"), rows);
    }
}
