package org.anycastdns.server.zone;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// Numbers in an order that {@link Order} gives, in pages, for readers without locks. It is
/// immutable. A list with one more number shares all pages but one.
///
/// A position says where a number is in this version of the list; others have other positions.
public final class NumberList {

    /// No position: before the first number, or after the last one.
    public static final int NOWHERE = -1;

    /// The list without numbers.
    public static final NumberList EMPTY = new NumberList(new int[0][], 0);

    private static final int PAGE_BITS = 7;

    /// How many numbers fit in a page; a page that is full is split.
    private static final int PAGE_NUMBERS = 1 << PAGE_BITS;

    // Without empty pages.
    private final int[][] pages;
    private final int size;

    private NumberList(int[][] pages, int size) {
        this.pages = pages;
        this.size = size;
    }

    /// The order of numbers and of what they are compared with.
    @FunctionalInterface
    public interface Order<T> {

        /// Returns less than 0, 0 or more than 0 if a number is before something, equal to it or
        /// after it.
        int compare(int number, T with);
    }

    /// Returns how many numbers there are.
    public int size() {
        return size;
    }

    /// Returns the number at a position.
    public int at(int position) {
        return pages[position >>> PAGE_BITS][position & PAGE_NUMBERS - 1];
    }

    /// Returns the position of the last number that is not after something, or {@link #NOWHERE}.
    public <T> int floor(Order<T> order, T with) {
        int page = -1;
        for (int high = pages.length; high - page > 1; ) {
            int middle = (page + high) >>> 1;
            if (order.compare(pages[middle][0], with) <= 0) {
                page = middle;
            } else {
                high = middle;
            }
        }
        if (page < 0) {
            return NOWHERE;
        }
        int low = 0;
        for (int high = pages[page].length; high - low > 1; ) {
            int middle = (low + high) >>> 1;
            if (order.compare(pages[page][middle], with) <= 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return position(page, low);
    }

    private static int position(int page, int index) {
        return page << PAGE_BITS | index;
    }

    /// Returns the position of the last number, or {@link #NOWHERE}.
    public int last() {
        return lastOf(pages.length - 1);
    }

    private int lastOf(int page) {
        return page < 0 ? NOWHERE : position(page, pages[page].length - 1);
    }

    /// Returns the position before another, or {@link #NOWHERE}.
    public int before(int position) {
        boolean first = (position & PAGE_NUMBERS - 1) == 0;
        return first ? lastOf((position >>> PAGE_BITS) - 1) : position - 1;
    }

    /// Returns the position after another or, after {@link #NOWHERE}, the first; {@link #NOWHERE}
    /// at the end.
    public int after(int position) {
        int page = position >> PAGE_BITS;
        if (position >= 0 && (position & PAGE_NUMBERS - 1) + 1 < pages[page].length) {
            return position + 1;
        }
        return page + 1 == pages.length ? NOWHERE : position(page + 1, 0);
    }

    /// Gives all numbers in order.
    public void forEach(IntConsumer to) {
        for (int[] page : pages) {
            for (int number : page) {
                to.accept(number);
            }
        }
    }

    /// Returns a list with one more number.
    ///
    /// @param position that of the number before it, or {@link #NOWHERE}
    public NumberList with(int number, int position) {
        if (pages.length == 0) {
            return new NumberList(new int[][] {{number}}, 1);
        }
        int page = Math.max(0, position >> PAGE_BITS);
        int index = position < 0 ? 0 : (position & PAGE_NUMBERS - 1) + 1;
        int[] longer = Arrays.copyOf(pages[page], pages[page].length + 1);
        System.arraycopy(pages[page], index, longer, index + 1, pages[page].length - index);
        longer[index] = number;
        if (longer.length <= PAGE_NUMBERS) {
            int[][] next = pages.clone();
            next[page] = longer;
            return new NumberList(next, size + 1);
        }
        int half = longer.length / 2;
        int[][] next = Arrays.copyOf(pages, pages.length + 1);
        System.arraycopy(pages, page + 1, next, page + 2, pages.length - page - 1);
        next[page] = Arrays.copyOf(longer, half);
        next[page + 1] = Arrays.copyOfRange(longer, half, longer.length);
        return new NumberList(next, size + 1);
    }
}
