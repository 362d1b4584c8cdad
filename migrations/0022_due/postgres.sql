-- What is due is walked through by when and whose: millions of lots may end at one instant.

DROP INDEX points_book_due;
CREATE INDEX points_book_due ON points_book (merchant, programme, due, member) WHERE due IS NOT NULL;
