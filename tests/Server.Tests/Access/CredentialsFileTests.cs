using Lambent.Kernel.Access;
using Lambent.Server.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class CredentialsFileTests : IDisposable
{
    private static readonly AccessKey Key = new()
    {
        Id = "AKIAEXAMPLEEXAMPLE22",
        Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        Account = AccountId.Root,
        CreatedAt = VerifierBench.Noon,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("lambent-credentials-").FullName;

    private string FilePath => Path.Combine(folder, "credentials");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void File_is_written_for_its_owner_alone()
    {
        CredentialsFile.Ensure(folder, [Key], "eu-west-1").ShouldBe(FilePath);
        File.ReadAllText(FilePath).ShouldBe(
            "# The root account's key. Whoever has it may do everything here.\n[default]\n"
            + $"aws_access_key_id = {Key.Id}\naws_secret_access_key = {Key.Secret}\nregion = eu-west-1\n");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(folder).ShouldHaveSingleItem();
    }

    [Fact]
    public void File_that_holds_a_key_is_left_as_it_is_and_made_private()
    {
        var edited = $"[default]\naws_access_key_id={Key.Id}\naws_secret_access_key={Key.Secret}\n\n[mine]\n";
        File.WriteAllText(FilePath, edited);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(FilePath, (UnixFileMode)0b110_100_100);
        }

        CredentialsFile.Ensure(folder, [Key with { Id = "AKIAOTHER" }, Key], "eu-west-1");
        File.ReadAllText(FilePath).ShouldBe(edited);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[default]\naws_access_key_id = AKIAGONE\naws_secret_access_key = gone\n")]
    [InlineData("[default]\naws_access_key_id = AKIAEXAMPLEEXAMPLE22\naws_secret_access_key = wrong\n")]
    [InlineData("\0\u0001nonsense")]
    public void File_that_holds_no_valid_key_is_replaced(string text)
    {
        File.WriteAllText(FilePath, text);
        File.WriteAllText(FilePath + ".new", "left by a crash");
        CredentialsFile.Ensure(folder, [Key], "eu-west-1");
        File.ReadAllText(FilePath).ShouldContain(Key.Id);
        File.Exists(FilePath + ".new").ShouldBeFalse();
    }
}
