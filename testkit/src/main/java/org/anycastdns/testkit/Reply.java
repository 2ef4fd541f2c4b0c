package org.anycastdns.testkit;

import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// A response in a normal form for comparison: the parts that must agree, without IDs, order and
/// spelling.
///
/// @param status RCODE, AA and TC
/// @param answer records of the answer section, in lower case
/// @param authority records of the authority section
/// @param additional records of the additional section without OPT
/// @param octets length of the message in bytes, which need not agree
public record Reply(
        String status,
        Set<String> answer,
        Set<String> authority,
        Set<String> additional,
        int octets) {

    /// Returns whether RCODE, AA, TC and all sections agree.
    public boolean agrees(Reply other) {
        return status.equals(other.status)
                && answer.equals(other.answer)
                && authority.equals(other.authority)
                && additional.equals(other.additional);
    }

    public static Reply of(byte[] wire) throws IOException {
        if (wire.length == 0) {
            return new Reply("no reply", Set.of(), Set.of(), Set.of(), 0);
        }
        Message message = new Message(wire);
        String status =
                Rcode.string(message.getRcode())
                        + (message.getHeader().getFlag(Flags.AA) ? " AA" : "")
                        + (message.getHeader().getFlag(Flags.TC) ? " TC" : "");
        return new Reply(
                status,
                records(message, Section.ANSWER),
                records(message, Section.AUTHORITY),
                records(message, Section.ADDITIONAL),
                wire.length);
    }

    private static Set<String> records(Message message, int section) {
        Set<String> records = new TreeSet<>();
        for (Record entry : message.getSection(section)) {
            if (entry.getType() != Type.OPT) {
                String text = entry.toString().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
                records.add(entry instanceof RRSIGRecord ? shorter(text) : text);
            }
        }
        return records;
    }

    /// Shortens a signature for messages: its last word, the signature itself, becomes a number.
    private static String shorter(String signature) {
        int last = signature.lastIndexOf(' ') + 1;
        return signature.substring(0, last) + signature.substring(last).hashCode();
    }

    public boolean truncated() {
        return status.endsWith("TC");
    }

    /// Returns the status without TC.
    public String complete() {
        return truncated() ? status.substring(0, status.length() - " TC".length()) : status;
    }

    @Override
    public String toString() {
        return status
                + list("answer", answer)
                + list("authority", authority)
                + list("additional", additional);
    }

    private static String list(String section, Set<String> records) {
        return records.isEmpty()
                ? ""
                : "\n    " + section + "\n      " + String.join("\n      ", records);
    }
}
