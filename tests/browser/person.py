"""Somebody at a browser, who sees what is written on links, buttons and fields and nothing else."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect


class Person:
    """One person with a browser of their own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def go(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"

    def turn_to(self, entry: str) -> None:
        """Choose an entry of the main navigation, opening the group it stands in."""
        menu = self.page.get_by_role("navigation", name="主导航")
        link = menu.locator("a").filter(has_text=entry).first
        if not link.is_visible():
            menu.locator("details").filter(has=link).locator("summary").click()
        link.click()

    def follow(self, words: str) -> None:
        self.main.get_by_role("link", name=words).first.click()

    def press(self, words: str) -> None:
        self.main.get_by_role("button", name=words).first.click()

    def field(self, label: str) -> Locator:
        return self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).first

    def fill(self, **fields: str) -> None:
        for label, value in fields.items():
            self.field(label).fill(value)

    def choose(self, **fields: str) -> None:
        for label, value in fields.items():
            self.field(label).select_option(label=value)

    def mark(self, *words: str) -> None:
        """Tick checkboxes and radio buttons by what is written beside them."""
        for one in words:
            self.main.get_by_label(one).check()

    def hand_in(self, label: str, file: Path | FilePayload) -> None:
        self.field(label).set_input_files(file)

    def sees(self, *words: str) -> None:
        for one in words:
            expect(self.main.get_by_text(one).first).to_be_visible()

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(words)

    def log_in(self, login: str, password: str) -> None:
        self.go("/login")
        self.fill(手机号或邮箱=login, 密码=password)
        self.press("登录")
        expect(self.page.get_by_role("group").get_by_text("退出登录")).to_have_count(1)
