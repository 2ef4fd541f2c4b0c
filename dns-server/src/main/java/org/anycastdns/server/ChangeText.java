package org.anycastdns.server;

import java.util.List;
import java.util.Map;

/// Writes the change from one version of a zone to another as text.
final class ChangeText {

    /// Changes in one message of an update script: a message of 64 KiB has room for them unless
    /// records are very large.
    private static final int MESSAGE_CHANGES_MAX = 300;

    private static final String SOA = "SOA";

    private final Map<?, ?> change;
    private final List<Map<?, ?>> deleted;
    private final List<Map<?, ?>> added;
    private final StringBuilder text = new StringBuilder();

    /// @param change what `/zone/diff` responds with
    private ChangeText(Map<?, ?> change) {
        this.change = change;
        this.deleted = StatusCommand.maps(change.get("deleted"));
        this.added = StatusCommand.maps(change.get("added"));
    }

    /// Returns lines that begin with `-` for records that go and `+` for records that come.
    static String lines(Map<?, ?> change) {
        ChangeText text = new ChangeText(change);
        if (text.isNothing()) {
            return "zone %s: no difference%n".formatted(change.get("name"));
        }
        text.text.append(text.head());
        text.deleted.forEach(each -> text.line("- ", each));
        text.added.forEach(each -> text.line("+ ", each));
        return text.text.toString();
    }

    /// Returns a script for nsupdate and knsupdate that makes one version of the other: its first
    /// message is refused if the server has another version.
    static String script(Map<?, ?> change) {
        ChangeText text = new ChangeText(change);
        if (!text.isNothing()) {
            text.script();
        }
        return text.text.toString();
    }

    private boolean isNothing() {
        return deleted.equals(added);
    }

    private String head() {
        return "zone %s from serial %s to %s: %d records deleted, %d added%n"
                .formatted(
                        change.get("name"),
                        change.get("from"),
                        change.get("to"),
                        deleted.size() - 1,
                        added.size() - 1);
    }

    private void line(String mark, Map<?, ?> record) {
        text.append(mark).append(record.get("name")).append(' ').append(record.get("ttl"));
        text.append(" IN ").append(typeAndData(record)).append('\n');
    }

    private static String typeAndData(Map<?, ?> record) {
        return record.get("type") + " " + record.get("data");
    }

    private void script() {
        text.append("; ").append(head());
        text.append("zone ").append(change.get("name")).append('\n');
        for (Map<?, ?> each : deleted) {
            if (SOA.equals(each.get("type"))) {
                text.append("prereq yxrrset ").append(each.get("name")).append(" IN ");
                text.append(typeAndData(each)).append('\n');
            }
        }
        int changes = 0;
        for (Map<?, ?> each : deleted) {
            if (!SOA.equals(each.get("type"))) {
                text.append("update delete ").append(each.get("name")).append(" IN ");
                text.append(typeAndData(each)).append('\n');
                send(++changes);
            }
        }
        for (Map<?, ?> each : added) {
            if (!SOA.equals(each.get("type"))) {
                add(each);
                send(++changes);
            }
        }
        // Last: the server raises the serial with each message, and takes only a greater one.
        added.stream().filter(each -> SOA.equals(each.get("type"))).forEach(this::add);
        text.append("send\n");
    }

    private void add(Map<?, ?> record) {
        text.append("update add ").append(record.get("name")).append(' ');
        text.append(record.get("ttl")).append(" IN ").append(typeAndData(record)).append('\n');
    }

    private void send(int changes) {
        if (changes % MESSAGE_CHANGES_MAX == 0) {
            text.append("send\n");
        }
    }
}
