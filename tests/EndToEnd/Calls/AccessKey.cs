namespace Lambent.EndToEnd.Calls;

/// <summary>A key as it is written in an AWS credentials file.</summary>
internal sealed record AccessKey(string Id, string Secret)
{
    public static AccessKey Read(string file, string profile)
    {
        var values = File.ReadLines(file)
            .SkipWhile(line => line.Trim() != $"[{profile}]")
            .Skip(1)
            .TakeWhile(line => !line.TrimStart().StartsWith('['))
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
        return new AccessKey(values["aws_access_key_id"], values["aws_secret_access_key"]);
    }

    /// <summary>What an AWS client reads from its process environment.</summary>
    public Dictionary<string, string> Variables(Uri endpoint) => new()
    {
        ["AWS_ACCESS_KEY_ID"] = Id,
        ["AWS_SECRET_ACCESS_KEY"] = Secret,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_ENDPOINT_URL"] = endpoint.GetLeftPart(UriPartial.Authority),
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = "/nonexistent",
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/nonexistent",
        ["AWS_PAGER"] = "",
        ["NO_COLOR"] = "1",
    };
}
