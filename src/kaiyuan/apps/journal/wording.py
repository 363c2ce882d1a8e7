"""What people call events and findings. A type that is recorded has words here; a test looks for them."""

from __future__ import annotations

from kaiyuan.sheets.wording import Wording

TYPES = {
    "api_key.made": Wording("新建接口密钥", "API key made"),
    "api_key.revoked": Wording("吊销接口密钥", "API key revoked"),
    "checkpoint.made": Wording("签发检查点", "Checkpoint signed"),
    "deliveries.retried": Wording("重新投递", "Deliveries tried again"),
    "enterprise.exported": Wording("导出企业名单", "Enterprises exported"),
    "enterprise.noted": Wording("修改企业备注", "Note of an enterprise changed"),
    "enterprise.registered": Wording("登记企业", "Enterprises registered"),
    "fact.corrected": Wording("更正指标", "Fact corrected"),
    "facts.loaded": Wording("载入指标", "Facts loaded"),
    "facts.read": Wording("查看保密指标", "Confidential facts read"),
    "import.mapped": Wording("对应导入的列", "Columns of an import understood"),
    "import.started": Wording("开始读入", "Import begun"),
    "import.uploaded": Wording("上传导入文件", "File for import uploaded"),
    "journal.verified": Wording("校验日志", "Journal verified"),
    "member.ended": Wording("结束岗位", "Place of a member ended"),
    "member.invited": Wording("新增人员", "Member added"),
    "member.link_made": Wording("生成口令链接", "Password link made"),
    "member.place_given": Wording("增加岗位", "Place given"),
    "membership.begun": Wording("岗位开始", "Place begun"),
    "rules.run": Wording("运行全部规则", "Rules run over the zone"),
    "source.withdrawn": Wording("撤回数据来源", "Source withdrawn"),
    "subscription.ended": Wording("停止外发", "Subscription ended"),
    "subscription.made": Wording("新增外发", "Subscription made"),
    "zone.founded": Wording("设立园区", "Zone founded"),
}


def type_words(type: str) -> Wording:
    """Give the words of a type of event; a type without words is shown as it is."""
    return TYPES.get(type) or Wording(type, type)


FINDINGS = {
    "algorithm": Wording("日志链的算法不明", "The chain names no known hash"),
    "changed": Wording("内容或摘要被改动", "Not what was recorded"),
    "checkpoint": Wording(
        "与检查点不符：尾部被截去，或整链被改写", "Not as a checkpoint knew it: cut off or rewritten"
    ),
    "count": Wording("表中条数与链不符", "The table holds another number of events"),
    "head": Wording("链头与最后一条不符", "The head of the chain is not the last event"),
    "missing": Wording("从这一条起有缺失", "Events are missing from here"),
    "note": Wording("检查点的签名或内容不成立", "A checkpoint is not as it was signed"),
    "order": Wording("不该在这里", "Should not be here"),
    "tie": Wording("没有接在前一条之后", "Does not follow the one before"),
    "unreadable": Wording("读不出来", "Cannot be read"),
}
"""Kind of a finding → its words."""

ERRORS = {
    "ended": Wording("订阅已停止", "the subscription was ended"),
    "http": Wording("对方回答 {code}", "answered {code}"),
    "inside": Wording("解析到内部地址，已拒绝", "resolves to an inner address, refused"),
    "mail": Wording("邮件没有发出", "the mail was not sent"),
    "redirect": Wording("对方要求转往别处（{code}），不跟随", "sends elsewhere ({code}), not followed"),
    "refused": Wording("地址不能用", "the address cannot be used"),
    "timeout": Wording("对方没有及时回答", "no answer in time"),
    "tls": Wording("对方的证书不能信任", "its certificate is not trusted"),
    "unreachable": Wording("连不上对方", "cannot be reached"),
}
"""Code of a failed delivery → its words."""


def error_words(code: str) -> Wording:
    """Give the words of a code such as `timeout` or `http:500`."""
    name, _, number = code.partition(":")
    said = ERRORS.get(name, Wording(code, code))
    return Wording(said.zh.format(code=number), said.en.format(code=number))
