namespace Lambent.Server.Tests.Access;

/// <summary>One case of AWS's published Signature Version 4 test suite.</summary>
/// <param name="Name">As in the suite.</param>
/// <param name="RequestLine">Method and target; the path is as written, also where HTTP would not allow it.</param>
/// <param name="Headers">Further header lines besides Host and X-Amz-Date, parted by line feeds.</param>
/// <param name="Body">The body, mostly none.</param>
/// <param name="SignedHeaders">What the suite signs.</param>
/// <param name="Signature">The suite's signature.</param>
public sealed record PublishedVector(
    string Name, string RequestLine, string Headers, string Body, string SignedHeaders, string Signature)
{
    public override string ToString() => Name;
}

/// <summary>
/// The suite's requests and signatures: AKIDEXAMPLE, 20150830T123600Z, us-east-1, service "service", host
/// example.amazonaws.com. Cases that repeat another one's data are left out.
/// </summary>
internal static class PublishedVectors
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string Time = "20150830T123600Z";

    private const string Unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Plain = "host;x-amz-date";
    private const string WithHeader = "host;my-header1;x-amz-date";
    private const string WithContentType = "content-type;host;x-amz-date";
    private const string Vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

    private const string SuiteToken = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

    private const string StsToken =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8"
        + "YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6"
        + "fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabI"
        + "Qwj2ICCR/oLxBA==";

    public static readonly PublishedVector[] All =
    [
        Get("get-vanilla", "/", Vanilla),
        Get("get-vanilla-empty-query-key", "/?Param1=value1",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        Get("get-vanilla-query-order-key-case", "/?Param2=value2&Param1=value1",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        Get("get-vanilla-query-order-key", "/?Param1=value2&Param1=Value1",
            "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
        Get("get-vanilla-query-order-value", "/?Param1=value2&Param1=value1",
            "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
        Get("get-vanilla-query-order-encoded", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1",
            "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"),
        Get("get-vanilla-query-unreserved", $"/?{Unreserved}={Unreserved}",
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        Get("get-vanilla-utf8-query", "/?ሴ=bar",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
        new("get-vanilla-with-session-token", "GET /", $"X-Amz-Security-Token:{SuiteToken}", "",
            "host;x-amz-date;x-amz-security-token",
            "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"),
        Get("get-unreserved", $"/{Unreserved}", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        Get("get-utf8", "/ሴ", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        new("get-header-key-duplicate", "GET /", "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1", "",
            WithHeader, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        new("get-header-value-multiline", "GET /", "My-Header1:value1\r  value2\r     value3", "",
            WithHeader, "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd"),
        new("get-header-value-order", "GET /",
            "My-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2", "",
            WithHeader, "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        new("get-header-value-trim", "GET /", "My-Header1: value1\nMy-Header2: \"a   b   c\"", "",
            "host;my-header1;my-header2;x-amz-date",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        new("post-vanilla", "POST /", "", "", Plain,
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        new("post-vanilla-query", "POST /?Param1=value1", "", "", Plain,
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        new("post-header-key-sort", "POST /", "My-Header1:value1", "", WithHeader,
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        new("post-header-value-case", "POST /", "My-Header1:VALUE1", "", WithHeader,
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
        new("post-x-www-form-urlencoded", "POST /", "Content-Type:application/x-www-form-urlencoded",
            "Param1=value1", WithContentType,
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        new("post-x-www-form-urlencoded-parameters", "POST /",
            "Content-Type:application/x-www-form-urlencoded; charset=utf8", "Param1=value1", WithContentType,
            "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
        new("post-sts-header-before", "POST /", $"X-Amz-Security-Token:{StsToken}", "",
            "host;x-amz-date;x-amz-security-token",
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
        new("post-sts-header-after", "POST /", $"X-Amz-Security-Token:{StsToken}", "", Plain,
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        Get("get-relative", "/example/..", Vanilla),
        Get("get-relative-relative", "/example1/example2/../..", Vanilla),
        Get("get-slash", "//", Vanilla),
        Get("get-slash-dot-slash", "/./", Vanilla),
        Get("get-slash-pointless-dot", "/./example",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        Get("get-slashes", "//example//", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        Get("get-space", "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
        Get("get-special-character", "/example/$delete",
            "a853c9b21b528b19643d00910d35b83a10c366a10833ceefb45edd6c80e40f27"),
    ];

    private static PublishedVector Get(string name, string target, string signature) =>
        new(name, "GET " + target, "", "", Plain, signature);
}
