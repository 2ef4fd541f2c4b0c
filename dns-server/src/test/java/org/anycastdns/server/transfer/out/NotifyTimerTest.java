package org.anycastdns.server.transfer.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.transfer.out.NotifyTimer.Action;
import org.anycastdns.server.transfer.out.NotifyTimer.State;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// When NOTIFY is sent and what it holds (cases 59 to 61, 67).
class NotifyTimerTest {

    private final NotifyTimer timer = new NotifyTimer();

    /// The times of all that is done until nothing is due.
    private List<String> actions() {
        List<String> actions = new ArrayList<>();
        while (timer.dueMillis() != NotifyTimer.NEVER) {
            long now = timer.dueMillis();
            actions.add(now + " " + timer.due(now));
        }
        return actions;
    }

    @Test
    void case60WithoutReplyItIsSentAgainAfterGrowingWaits() {
        timer.changed(5, 1_000);
        assertEquals(
                List.of(
                        "1000 SEND",
                        "2000 SEND",
                        "4000 SEND",
                        "8000 SEND",
                        "16000 SEND",
                        "32000 SEND",
                        "64000 GIVE_UP"),
                actions());
        assertEquals(State.SILENT, timer.state());
        timer.changed(6, 70_000);
        assertEquals(Action.SEND, timer.due(70_000));
        assertEquals(1, timer.attempts());
    }

    @Test
    void case60AReplyEndsIt() {
        timer.changed(5, 1_000);
        assertEquals(Action.SEND, timer.due(1_000));
        assertEquals(Action.NONE, timer.due(1_999));
        timer.answered();
        assertEquals(State.ANSWERED, timer.state());
        assertEquals(NotifyTimer.NEVER, timer.dueMillis());
        timer.answered();
        assertEquals(State.ANSWERED, timer.state());
    }

    @Test
    void case61TheFirstChangeIsToldAtOnceAndFurtherOnesTogether() {
        timer.changed(1, 1_000);
        assertEquals(Action.SEND, timer.due(1_000));
        timer.changed(2, 1_010);
        timer.changed(3, 1_020);
        assertEquals(Action.NONE, timer.due(1_099));
        // A reply to the one before does not end what waits.
        timer.answered();
        assertEquals(State.PENDING, timer.state());
        assertEquals(Action.SEND, timer.due(1_100));
        assertEquals(3, timer.serial());
        timer.answered();
        assertEquals(NotifyTimer.NEVER, timer.dueMillis());
        timer.changed(4, 5_000);
        assertEquals(5_000, timer.dueMillis());
    }

    @Test
    void case59ItHasTheQuestionAndTheSoaRecord() {
        Message message =
                OutgoingSamples.message(
                        NotifyMessage.request(0xabcd, CannedPrimary.soaRecord(4_000_000_000L)));
        assertEquals(0xabcd, message.getHeader().getID());
        assertEquals(Opcode.NOTIFY, message.getHeader().getOpcode());
        assertEquals(true, message.getHeader().getFlag(Flags.AA));
        assertEquals(Type.SOA, message.getQuestion().getType());
        assertEquals(
                List.of(CannedPrimary.soa(4_000_000_000L)),
                OutgoingSamples.answers(List.of(message)));
        assertEquals(
                new NotifyMessage(CannedPrimary.ZONE, OptionalInt.of((int) 4_000_000_000L)),
                NotifyMessage.of(message.toWire()));
    }

    @Test
    void case67WhatIsNoNotifyIsMalformed() {
        byte[] good = NotifyMessage.request(1, CannedPrimary.soaRecord(7));
        for (int length = 0; length < good.length; length++) {
            assertNull(NotifyMessage.of(java.util.Arrays.copyOf(good, length)), "" + length);
        }
        assertNull(NotifyMessage.of(java.util.Arrays.copyOf(good, good.length + 1)));
        Message other = new Message();
        other.getHeader().setOpcode(Opcode.NOTIFY);
        assertNull(NotifyMessage.of(other.toWire()));
        other.addRecord(OutgoingSamples.question(Type.A), Section.QUESTION);
        assertNull(NotifyMessage.of(other.toWire()));
        Message without = new Message();
        without.addRecord(OutgoingSamples.question(Type.SOA), Section.QUESTION);
        NotifyMessage parsed = NotifyMessage.of(without.toWire());
        assertNotNull(parsed);
        assertEquals(OptionalInt.empty(), parsed.serial());
    }
}
