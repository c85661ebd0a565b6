using System.Net;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>What AWS says to wrong values, case by case.</summary>
public sealed class ValidationTests
{
    private const string Functions = "/2015-03-31/functions";
    private const string Validation = "ValidationException";
    private const string Invalid = "InvalidParameterValueException";

    private const string NamePattern =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
        + @"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?";

    /// <summary>Members put over a good CreateFunction request, status, type, and part of the message.</summary>
    public static TheoryData<string, int, string, string> Creations() => new()
    {
        {
            """{"FunctionName": "invalid:function:name"}""", 400, Validation,
            "1 validation error detected: Value 'invalid:function:name' at 'functionName' failed to satisfy "
            + $"constraint: Member must satisfy regular expression pattern: {NamePattern}"
        },
        {
            $$"""{"FunctionName": "{{new string('a', 65)}}"}""", 400, Invalid,
            $"1 validation error detected: Value '{new string('a', 65)}' at 'functionName' failed to satisfy "
            + "constraint: Member must have length less than or equal to 64"
        },
        {
            $$"""{"FunctionName": "arn:aws:lambda:us-east-1:000000000000:function:{{new string('a', 141)}}"}""",
            400, Validation, "at 'functionName' failed to satisfy constraint: Member must have length less than or "
            + "equal to 140"
        },
        {
            """{"FunctionName": "arn:aws:lambda:ap-southeast-1:000000000000:function:x"}""", 404,
            "ResourceNotFoundException",
            "Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')"
        },
        {
            """{"FunctionName": "arn:aws:lambda:us-east-1:111111111111:function:x"}""", 403,
            "AccessDeniedException", "lambda:CreateFunction"
        },
        { """{"FunctionName": "name:alias"}""", 400, Invalid, "This operation is permitted on Lambda functions only." },
        {
            """{"FunctionName": null}""", 400, Validation,
            "Value null at 'functionName' failed to satisfy constraint: Member must not be null"
        },
        {
            """{"Role": "r1"}""", 400, Validation,
            "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy "
            + @"regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
        },
        { """{"Role": null, "Code": null}""", 400, Validation, "2 validation errors detected: Value null at 'role'" },
        { """{"Runtime": null}""", 400, Invalid, "Runtime and Handler are mandatory parameters" },
        { """{"Handler": null}""", 400, Invalid, "Runtime and Handler are mandatory parameters" },
        {
            """{"Runtime": "PYTHON3.9"}""", 400, Invalid,
            "Value PYTHON3.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: ["
        },
        { """{"Runtime": "nope"}""", 400, Invalid, "] or be a valid ARN" },
        {
            """{"Runtime": "nodejs14.x"}""", 400, Invalid,
            "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda "
            + "functions. We recommend you use a supported runtime while creating or updating functions."
        },
        { """{"Runtime": "python3.9"}""", 400, Invalid, "python3.9 is not installed; there is nodejs20.x" },
        { """{"Handler": "index handler"}""", 400, Validation, @"at 'handler' failed to satisfy constraint" },
        { """{"Handler": ""}""", 400, Validation, @"regular expression pattern: [^\s]+" },
        { $$"""{"Handler": "{{new string('h', 129)}}"}""", 400, Validation, "less than or equal to 128" },
        { $$"""{"Description": "{{new string('d', 257)}}"}""", 400, Validation, "less than or equal to 256" },
        {
            """{"Timeout": 0}""", 400, Validation,
            "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1"
        },
        { """{"Timeout": 901}""", 400, Validation, "Member must have value less than or equal to 900" },
        { """{"MemorySize": 127}""", 400, Validation, "at 'memorySize'" },
        { """{"MemorySize": 10241}""", 400, Validation, "less than or equal to 10240" },
        { """{"EphemeralStorage": {"Size": 511}}""", 400, Validation, "at 'ephemeralStorage.size'" },
        { """{"EphemeralStorage": {}}""", 400, Validation, "Value null at 'ephemeralStorage.size'" },
        {
            """{"Architectures": ["x86_64", "arm64"]}""", 400, Validation,
            "1 validation error detected: Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: "
            + "Member must have length less than or equal to 1"
        },
        {
            """{"Architectures": ["X86_64"]}""", 400, Validation,
            "Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: "
            + "[Member must satisfy enum value set: [x86_64, arm64], Member must not be null]"
        },
        { """{"Architectures": []}""", 400, Validation, "greater than or equal to 1" },
        { """{"Architectures": [null]}""", 400, Validation, "'architectures'" },
        {
            """{"SnapStart": {"ApplyOn": "invalidOption"}}""", 400, Validation,
            "Value 'invalidOption' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum "
            + "value set: [PublishedVersions, None]"
        },
        { """{"TracingConfig": {"Mode": "On"}}""", 400, Validation, "tracingConfig.mode" },
        { """{"PackageType": "Tar"}""", 400, Validation, "packageType" },
        { """{"LoggingConfig": {"LogFormat": "xml"}}""", 400, Validation, "loggingConfig.logFormat" },
        { """{"LoggingConfig": {"SystemLogLevel": "WARN"}}""", 400, Invalid, "only when LogFormat is JSON" },
        { """{"DeadLetterConfig": {"TargetArn": "x"}}""", 400, Validation, "deadLetterConfig.targetArn" },
        { """{"DeadLetterConfig": {"TargetArn": "arn:aws:sns:us-east-1:000000000000:t"}}""", 400, Invalid, "SQS" },
        {
            """{"Environment": {"Variables": {"AWS_REGION": "x", "OK": "y", "_HANDLER": "z"}}}""", 400, Invalid,
            "Lambda was unable to configure your environment variables because the environment variables you have "
            + "provided contains reserved keys that are currently not supported for modification. Reserved keys "
            + "used in this request: AWS_REGION, _HANDLER"
        },
        { """{"Environment": {"Variables": {"A-B": "x"}}}""", 400, Validation, "[a-zA-Z]([a-zA-Z0-9_])*" },
        { """{"Environment": {"Variables": {"AB": null}}}""", 400, Validation, "environment.variables" },
        { """{"Environment": {"Variables": {"AB": "\u0000"}}}""", 400, Invalid, "null character" },
        {
            $$$"""{"Environment": {"Variables": {"LARGE_VAR": "{{{new string('x', 4096)}}}" } } }""", 400, Invalid,
            "Lambda was unable to configure your environment variables because the environment variables you have "
            + "provided exceeded the 4KB limit. String measured: {\"LARGE_VAR\":\"xxx"
        },
        { """{"VpcConfig": {"SubnetIds": ["subnet-1"]}}""", 400, Invalid, "VpcConfig is not supported" },
        { """{"FileSystemConfigs": [{"Arn": "a"}]}""", 400, Invalid, "FileSystemConfigs is not supported" },
        { """{"ImageConfig": {"Command": ["x"]}}""", 400, Invalid, "ImageConfig is not supported" },
        { """{"KMSKeyArn": "arn:aws:kms:x"}""", 400, Invalid, "KMSKeyArn is not supported" },
        { """{"CodeSigningConfigArn": "arn:x"}""", 400, Invalid, "CodeSigningConfigArn is not supported" },
        { """{"PackageType": "Image"}""", 400, Invalid, "PackageType Image is not supported" },
        { """{"Code": {"ImageUri": "x"}}""", 400, Invalid, "ImageUri is not supported" },
        { """{"DurableConfig": {"ExecutionTimeout": 1}}""", 400, Invalid, "DurableConfig is not supported" },
        { """{"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}}""", 400, Invalid, "TenancyConfig" },
        { """{"PublishTo": "LATEST_PUBLISHED"}""", 400, Invalid, "PublishTo is not supported" },
        { """{"Code": {}}""", 400, Invalid, "Please provide a source for function code." },
        { """{"Code": {"S3Bucket": "b"}}""", 400, Invalid, "S3Bucket and S3Key belong together" },
        { """{"Code": {"ZipFile": "", "S3Key": "k"}}""", 400, Invalid, "Please do not provide other FunctionCode" },
        { """{"Code": {"ZipFile": "bm90IGEgemlw"}}""", 400, Invalid, "Could not unzip uploaded file." },
        { """{"Code": {"S3Bucket": "b", "S3Key": "k", "S3ObjectVersion": "v"}}""", 400, Invalid, "S3ObjectVersion" },
        {
            """{"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:x"]}""", 400, Validation,
            "Value '[arn:aws:lambda:us-east-1:000000000000:layer:x]' at 'layers' failed to satisfy constraint: "
            + "Member must satisfy constraint: [Member must have length less than or equal to 2048"
        },
        {
            """{"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:x:9"]}""", 400, Invalid,
            "Layer version arn:aws:lambda:us-east-1:000000000000:layer:x:9 does not exist."
        },
        {
            """{"Layers": ["arn:aws:lambda:eu-west-1:000000000000:layer:x:9"]}""", 400, Invalid,
            "Layers are not in the same region as the function. Layers are expected to be in region us-east-1."
        },
        {
            """{"Layers": ["arn:aws:lambda:us-east-1:111111111111:layer:x:9"]}""", 403, "AccessDeniedException",
            "User: arn:aws:iam::000000000000:root is not authorized to perform: lambda:GetLayerVersion on resource: "
            + "arn:aws:lambda:us-east-1:111111111111:layer:x:9 because no resource-based policy allows the "
            + "lambda:GetLayerVersion action"
        },
        { """{"Layers": ["1", "2", "3", "4", "5", "6"]}""", 400, Invalid, "Cannot reference more than 5 layers." },
        { """{"Tags": {"lambent:isolation": "jail"}}""", 400, Invalid, "namespace, process, runc, runsc" },
        { """{"Tags": {"lambent:concurency": "1"}}""", 400, Invalid, "lambent:concurency is unknown" },
        { """{"Tags": {"lambent:environment-concurrency": "1001"}}""", 400, Invalid, "from 1 to 1000" },
        { """{"Tags": {"aws:x": "1"}}""", 400, Invalid, "reserved" },
        { """{"Tags": {"x": null}}""", 400, Invalid, "must not be null" },
        { """{"Timeout": "3"}""", 400, "SerializationException", "'Timeout'" },
        { """{"Timeout": 1e99}""", 400, "SerializationException", "'Timeout'" },
        { """{"Handler": 3}""", 400, "SerializationException", "'Handler'" },
        { """{"Environment": {"Variables": {"A": {}}}}""", 400, "SerializationException", "'Environment" },
        { """{"Code": {"ZipFile": "***"}}""", 400, "SerializationException", "'Code.ZipFile'" },
        { """{"Publish": "yes"}""", 400, "SerializationException", "'Publish'" },
    };

    [Theory]
    [MemberData(nameof(Creations))]
    public async Task CreateFunction_refuses(string members, int status, string type, string message)
    {
        await using var server = await LambdaServer.StartAsync(checkRuntime: runtime => runtime.Name == "python3.9"
            ? new Error(ErrorCode.RuntimeMissing, "python3.9 is not installed; there is nodejs20.x.")
            : null);
        var body = LambdaServer.CreateBody("good");
        foreach (var (key, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        var answer = await server.SendAsync("POST", Functions, body);

        answer.ShouldFail(status, type, message);
        answer.Json.ContainsKey("Type").ShouldBe(type is Invalid or "ResourceNotFoundException");
        (await server.SendAsync("GET", Functions))["Functions"].ShouldBe("[]");
    }

    /// <summary>What tools send out of habit and what means nothing.</summary>
    [Theory]
    [InlineData("""{"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}, "FileSystemConfigs": []}""")]
    [InlineData("""{"KMSKeyArn": "", "ImageConfig": {}, "CodeSigningConfigArn": "", "DurableConfig": {}}""")]
    [InlineData("""{"DeadLetterConfig": {}, "Layers": [], "Tags": {}, "Environment": {}}""")]
    [InlineData("""{"PackageType": "Zip", "Architectures": ["arm64"], "Unknown": {"a": [1]}, "Layers": null}""")]
    [InlineData("""{"LoggingConfig": {"LogFormat": "JSON", "SystemLogLevel": "WARN", "LogGroup": "mine"}}""")]
    [InlineData("""{"FunctionName": "arn:aws:lambda:us-east-1:000000000000:function:good"}""")]
    [InlineData("""{"FunctionName": "000000000000:function:good"}""")]
    [InlineData("""{"FunctionName": "function:good"}""")]
    [InlineData("""{"Environment": {"Variables": {"AB": "ünïcode ✓", "LAMBDA_TASK": "x"}}}""")]
    public async Task CreateFunction_accepts(string members)
    {
        await using var server = await LambdaServer.StartAsync();
        var body = LambdaServer.CreateBody("good");
        foreach (var (key, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        (await server.SendAsync("POST", Functions, body)).ShouldBe(HttpStatusCode.Created)["FunctionName"]
            .ShouldBe("good");
    }

    [Theory]
    [InlineData("GET", "/2015-03-31/functions/bad@name", 400, Validation, "at 'functionName'")]
    [InlineData("GET", "/2015-03-31/functions/some:1?Qualifier=2", 400, Invalid, "The derived qualifier from the")]
    [InlineData("GET", "/2015-03-31/functions/some?Qualifier=a@b", 400, Validation, "at 'qualifier'")]
    [InlineData("GET", "/2015-03-31/functions/some", 404, "ResourceNotFoundException", "function:some")]
    [InlineData("GET", "/2015-03-31/functions/some:$LATEST", 404, "ResourceNotFoundException", ":some:$LATEST")]
    [InlineData("GET", "/2015-03-31/functions/some?Qualifier=7", 404, "ResourceNotFoundException", ":some:7")]
    [InlineData("GET", "/2015-03-31/functions?FunctionVersion=invalid", 400, Validation,
        "Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]")]
    [InlineData("GET", "/2015-03-31/functions?MaxItems=0", 400, Validation, "at 'maxItems'")]
    [InlineData("GET", "/2015-03-31/functions?MaxItems=10001", 400, Validation, "at 'maxItems'")]
    [InlineData("GET", "/2015-03-31/functions?MaxItems=many", 400, "SerializationException", "MaxItems")]
    [InlineData("GET", "/2015-03-31/functions?Marker=made-up", 400, Invalid, "Marker is invalid")]
    [InlineData("GET", "/2015-03-31/functions?Marker=%00%ff", 400, Invalid, "Marker is invalid")]
    [InlineData("DELETE", "/2015-03-31/functions/some?Qualifier=$LATEST", 400, Invalid,
        "$LATEST version cannot be deleted without deleting the function.")]
    [InlineData("DELETE", "/2015-03-31/functions/some?Qualifier=live", 400, Invalid, "Deletion of aliases")]
    [InlineData("DELETE", "/2015-03-31/functions/some?Qualifier=7", 404, "ResourceNotFoundException",
        "Function not found: arn:aws:lambda:us-east-1:000000000000:function:some")]
    [InlineData("PUT", "/2015-03-31/functions/some:live/configuration", 400, Invalid, "permitted on Lambda functions")]
    [InlineData("GET", "/2015-03-31/functions/arn:aws:lambda:us-east-1:111111111111:function:x", 403,
        "AccessDeniedException", "")]
    [InlineData("GET", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A000000000000%3Afunction%3Ax", 404,
        "ResourceNotFoundException", "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")]
    [InlineData("GET", "/2015-03-31/nothing", 404, "UnknownOperationException", "GET /2015-03-31/nothing")]
    [InlineData("PATCH", "/2015-03-31/functions/some", 404, "UnknownOperationException", "PATCH")]
    [InlineData("GET", "/2025-12-01/durable-executions/x", 404, "UnknownOperationException", "durable")]
    public async Task Request_is_refused(string method, string path, int status, string type, string message)
    {
        await using var server = await LambdaServer.StartAsync();

        (await server.SendAsync(method, path)).ShouldFail(status, type, message);
    }
}
