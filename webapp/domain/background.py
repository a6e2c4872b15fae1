"""What background work is called, and what to do when some of it fails."""

from collections.abc import Mapping

from webapp.domain.words import N_

TASKS: Mapping[str, str] = {
    "ask": N_("发送回访邮件"),
    "catch_up": N_("补做漏掉的夜间工作"),
    "check_ledger": N_("核对账本（应要求）"),
    "check_nightly": N_("夜间核对账本"),
    "count_figures": N_("计算待公布的数字"),
    "deliver": N_("投递邮件"),
    "deliver_now": N_("投递刚写好的邮件"),
    "draw_samples": N_("抽取审计样本"),
    "follow_up_nightly": N_("开启和结束回访"),
    "forget_runs": N_("清理运行记录"),
    "keep_index": N_("更新匹配索引"),
    "list_erased": N_("登记注销名单"),
    "make_snapshots": N_("生成报表"),
    "match_city": N_("全市夜间匹配"),
    "plan_nightly": N_("汇总缺口分析"),
    "probe_index": N_("抽查匹配索引"),
    "publish_heads": N_("公布账本哈希"),
    "reconcile": N_("对账"),
    "run_out": N_("处理到期的录用、岗位和核验"),
    "sum_outcomes": N_("汇总去向"),
    "sum_up_nightly": N_("汇总漏斗"),
    "sum_up_postings": N_("写新岗位邮件"),
    "take_lists": N_("读取和计入名单"),
    "take_posts": N_("记入岗位账本"),
}
INTERRUPTED = N_("运行中断：后台进程被停止或重启。下一轮会自动补做，不会重复。")
UNEXPECTED = N_("程序出错。请把开始时间和任务名告诉运维人员，日志里有出错位置。")
DATABASE = N_("数据库没有应答或太忙。请检查数据库是否在运行、磁盘是否已满；会自动重试。")
MAIL = N_("邮件服务器没有应答或拒收。请检查 SMTP_URL 和网络；信件会保留三天，自动重试。")
FILES = N_("读写文件失败。请检查磁盘空间和目录权限；会自动重试。")
ENCODER = N_("打不开匹配模型。请检查 MATCHER_ENCODER 指向的目录；在此之前继续使用原来的模型。")
REMEDIES: Mapping[str, str] = {
    "Interrupted": INTERRUPTED,
    "OperationalError": DATABASE,
    "InterfaceError": DATABASE,
    "TimeoutError": DATABASE,
    "PermissionError": FILES,
    "FileNotFoundError": FILES,
    "OSError": FILES,
    "UnknownEncoder": ENCODER,
    "StaleSnapshot": ENCODER,
}
LETTERS = frozenset({"deliver", "deliver_now"})


def title_of(task: str) -> str:
    """Return what a task is called; one without a title by its own name."""
    return TASKS.get(task, task)


def remedy_of(task: str, error: str) -> str:
    """Return what failed and what to do about it, by the kind of failure."""
    if task in LETTERS and error not in {"Interrupted", "OperationalError"}:
        return MAIL
    return REMEDIES.get(error, UNEXPECTED)
