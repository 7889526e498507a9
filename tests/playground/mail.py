#!/usr/bin/env python3
"""Sends a mail to anna@example.com, and fetches what she has by POP3 and by IMAP: `mail.py`."""

import imaplib
import poplib
import smtplib

HOST, USER, PASSWORD = "mail.example.com", "anna", "Wolke7"
MAIL = "From: Bert <bert@example.com>\r\nTo: Anna <anna@example.com>\r\nSubject: The gateway\r\n\r\nIt is 192.168.1.1, as ever.\r\n"


def main():
    with smtplib.SMTP(HOST) as smtp:
        smtp.login(USER, PASSWORD)
        smtp.sendmail("bert@example.com", ["anna@example.com"], MAIL)
    imap = imaplib.IMAP4(HOST)
    imap.login(USER, PASSWORD)
    imap.select()
    while imap.search(None, "ALL")[1] == [b""]:
        # It is taken, and put into her box a moment later.
        imap.noop()
    imap.logout()
    pop = poplib.POP3(HOST)
    pop.user(USER)
    pop.pass_(PASSWORD)
    print(f"mails for {USER}: {len(pop.list()[1])}")
    pop.quit()


if __name__ == "__main__":
    main()
