using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.EndToEnd.Rejections;

/// <summary>Packages that are broken or mean harm are refused whole, with the name of the entry at fault.</summary>
[Collection(SharedServer.Name)]
public sealed class PackageTests(ServerFixture fixture)
{
    private const int RegularFile = 0x8000;
    private const int Link = 0xA000;
    private const int CharacterDevice = 0x2000;
    private const int Fifo = 0x1000;

    [Theory]
    [InlineData("../evil.mjs", RegularFile, "x")]
    [InlineData("a/../../evil.mjs", RegularFile, "x")]
    [InlineData("/etc/cron.d/evil", RegularFile, "x")]
    [InlineData("out", Link, "/etc/passwd")]
    [InlineData("up", Link, "../../etc/passwd")]
    [InlineData("device", CharacterDevice, "")]
    [InlineData("pipe", Fifo, "")]
    public async Task Entry_that_leads_out_of_the_package_is_refused(string name, int kind, string content)
    {
        var package = Zip(("index.mjs", RegularFile, "export const hello = () => 1;"), (name, kind, content));
        var answer = await CreateAsync("refused-entry", package);
        answer.Status.ShouldBe(400, answer.ToString());
        answer.ErrorType.ShouldBe("InvalidParameterValueException");
        answer.Message!.ShouldContain(name);
        (await fixture.Lambda.GetAsync("/2015-03-31/functions/refused-entry")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Package_that_unpacks_to_too_much_is_refused()
    {
        var answer = await CreateAsync("bomb", Zip(("zeros", RegularFile, new string('0', 263 * 1024 * 1024))));
        answer.Status.ShouldBe(400, answer.ToString());
        answer.ErrorType.ShouldBe("InvalidParameterValueException");
        answer.Message.ShouldBe("Unzipped size must be smaller than 262144000 bytes");
    }

    [Fact]
    public async Task Entry_with_a_bombs_ratio_is_refused()
    {
        var answer = await CreateAsync("ratio", Zip(("zeros", RegularFile, new string('0', 200 * 1024 * 1024))));
        answer.Status.ShouldBe(400, answer.ToString());
        answer.Message!.ShouldContain("zeros");
    }

    [Fact]
    public async Task Package_above_the_zipped_size_is_refused()
    {
        var noise = RandomNumberGenerator.GetBytes(52_428_801);
        var package = ZipPackage.OfBytes(CompressionLevel.NoCompression, ("noise", noise));
        package.Length.ShouldBeInRange(52_428_801, 52_600_000, "in base64 it fits into a request");
        var answer = await CreateAsync("too-large", package);
        answer.Status.ShouldBe(413, answer.ToString());
        answer.ErrorType.ShouldBe("RequestEntityTooLargeException");
        answer.Message.ShouldBe("Zipped size must be smaller than 52428800 bytes");
    }

    [Fact]
    public async Task Request_above_the_size_of_requests_is_refused()
    {
        var answer = await fixture.Lambda.SendAsync("POST", "/2015-03-31/functions", new byte[70_167_212]);
        answer.Status.ShouldBe(413, answer.ToString());
        answer.ErrorType.ShouldBe("RequestEntityTooLargeException");
        answer.Message.ShouldBe("Request must be smaller than 70167211 bytes for the CreateFunction operation");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("this is no zip file at all, but it is long enough to look into")]
    public async Task What_is_no_zip_is_refused(string content)
    {
        var answer = await CreateAsync("no-zip", Encoding.ASCII.GetBytes(content));
        answer.Status.ShouldBe(400, answer.ToString());
        answer.ErrorType.ShouldBe("InvalidParameterValueException");
    }

    [Fact]
    public async Task Package_cut_anywhere_is_refused()
    {
        var whole = ZipPackage.Of(("index.mjs", "export const hello = () => 1;"), ("more.txt", "more"));
        foreach (var length in Enumerable.Range(1, 10).Select(part => whole.Length * part / 11))
        {
            (await CreateAsync("cut", whole[..length])).Status.ShouldBe(400, $"cut at {length} of {whole.Length}");
        }
    }

    private Task<Answer> CreateAsync(string name, byte[] package) => fixture.Lambda.SendAsync(
        "POST", "/2015-03-31/functions", new FunctionDefinition(name, "nodejs20.x", "index.hello", package).ToJson());

    private static byte[] Zip(params (string Name, int Kind, string Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, kind, content) in entries)
            {
                var entry = archive.CreateEntry(name);
                entry.ExternalAttributes = (kind | 0x1A4) << 16;
                using var target = entry.Open();
                target.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return stream.ToArray();
    }
}
