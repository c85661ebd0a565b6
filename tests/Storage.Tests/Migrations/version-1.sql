PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migrations (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO schema_migrations VALUES(1,'tables','6100935b5f42dc381483665b72bff2f9990772a9af3bec7da48498bdd64ed02a',17723664000000000);
CREATE TABLE accounts (
    account_id TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
INSERT INTO accounts VALUES('111122223333','{"id":"111122223333","name":"Account 111122223333 \u2013 K\u00E4se","createdAt":"2026-02-03T04:05:06.7891234+00:00","concurrencyLimit":77}',830225321);
CREATE TABLE access_keys (
    access_key_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
INSERT INTO access_keys VALUES('AKIA1','111122223333','{"id":"AKIA1","secret":"wJalrXUtnFEMI/K7MDENG\u002BbPxRfiCYEXAMPLEKEY","account":"111122223333","createdAt":"2026-02-03T04:05:06.7891234+00:00"}',3330939407);
CREATE TABLE functions (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT;
INSERT INTO functions VALUES('111122223333','full','{"account":"111122223333","name":"full","latest":{"version":"$LATEST","runtime":"python3.11","handler":"app.handler","role":"arn:aws:iam::111122223333:role/r","code":{"digest":"0000000000000000000000000000000000000000000000000000000000000002","sizeBytes":1002},"description":"says \u0022hello\u0022 \\ \uD83D\uDE00","timeoutSeconds":899,"memoryMegabytes":1769,"ephemeralStorageMegabytes":1024,"architecture":"arm64","variables":{"B":"1","a":"\n","b":"2"},"layers":[{"arn":"arn:aws:lambda:us-east-1:111122223333:layer:l:1","content":{"digest":"0000000000000000000000000000000000000000000000000000000000000003","sizeBytes":1003}}],"tracingMode":"Active","logFormat":"JSON","applicationLogLevel":"DEBUG","systemLogLevel":"WARN","logGroup":"/mine","snapStartApplyOn":"PublishedVersions","deadLetterTarget":"arn:aws:sqs:us-east-1:111122223333:q","state":"Failed","stateReason":"broken","stateReasonCode":"InternalError","lastUpdateStatus":"Failed","lastUpdateStatusReason":"also broken","lastUpdateStatusReasonCode":"InvalidConfiguration","lastModifiedAt":"2026-02-03T04:05:06.7891234+00:00","revisionId":"revision-$LATEST"},"lastPublishedVersion":10,"aliases":{"live":{"name":"live","functionVersion":"1","description":"what people use","additionalVersion":"2","additionalVersionWeight":0.1,"revisionId":"alias-revision"}},"policies":{"":{"statements":[{"id":"s1","action":"lambda:InvokeFunction","principal":"*","resource":"arn:aws:lambda:us-east-1:111122223333:function:f","sourceArn":"arn:aws:s3:::b","sourceAccount":"444455556666","principalOrganizationId":"o-1","eventSourceToken":"token","functionUrlAuthType":"AWS_IAM","invokedViaFunctionUrl":true}],"revisionId":"policy-revision"},"live":{"statements":[{"id":"s1","action":"lambda:InvokeFunction","principal":"*","resource":"arn:aws:lambda:us-east-1:111122223333:function:f","sourceArn":"arn:aws:s3:::b","sourceAccount":"444455556666","principalOrganizationId":"o-1","eventSourceToken":"token","functionUrlAuthType":"AWS_IAM","invokedViaFunctionUrl":true}],"revisionId":"policy-revision"}},"urls":{"":{"auth":"AwsIam","invokeMode":"ResponseStream","crossOrigin":{"allowCredentials":true,"allowHeaders":["x-one"],"allowMethods":["GET"],"allowOrigins":["https://example.com"],"exposeHeaders":["x-two"],"maxAgeSeconds":60},"createdAt":"2026-02-03T04:05:06.7891234+00:00","lastModifiedAt":"2026-02-04T04:05:06.7891234+00:00"}},"reservedConcurrency":5,"tags":{"lambent:isolation":"process"}}',1005184999);
CREATE TABLE function_versions (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (account_id, name, version),
    FOREIGN KEY (account_id, name) REFERENCES functions (account_id, name)
) STRICT;
INSERT INTO function_versions VALUES('111122223333','full',1,'{"version":"1","runtime":"python3.11","handler":"app.handler","role":"arn:aws:iam::111122223333:role/r","code":{"digest":"0000000000000000000000000000000000000000000000000000000000000002","sizeBytes":1002},"description":"says \u0022hello\u0022 \\ \uD83D\uDE00","timeoutSeconds":899,"memoryMegabytes":1769,"ephemeralStorageMegabytes":1024,"architecture":"arm64","variables":{"B":"1","a":"\n","b":"2"},"layers":[{"arn":"arn:aws:lambda:us-east-1:111122223333:layer:l:1","content":{"digest":"0000000000000000000000000000000000000000000000000000000000000003","sizeBytes":1003}}],"tracingMode":"Active","logFormat":"JSON","applicationLogLevel":"DEBUG","systemLogLevel":"WARN","logGroup":"/mine","snapStartApplyOn":"PublishedVersions","deadLetterTarget":"arn:aws:sqs:us-east-1:111122223333:q","state":"Failed","stateReason":"broken","stateReasonCode":"InternalError","lastUpdateStatus":"Failed","lastUpdateStatusReason":"also broken","lastUpdateStatusReasonCode":"InvalidConfiguration","lastModifiedAt":"2026-02-03T04:05:06.7891234+00:00","revisionId":"revision-1"}',3268796952);
INSERT INTO function_versions VALUES('111122223333','full',2,'{"version":"2","runtime":"python3.11","handler":"app.handler","role":"arn:aws:iam::111122223333:role/r","code":{"digest":"0000000000000000000000000000000000000000000000000000000000000002","sizeBytes":1002},"description":"says \u0022hello\u0022 \\ \uD83D\uDE00","timeoutSeconds":899,"memoryMegabytes":1769,"ephemeralStorageMegabytes":1024,"architecture":"arm64","variables":{"B":"1","a":"\n","b":"2"},"layers":[{"arn":"arn:aws:lambda:us-east-1:111122223333:layer:l:1","content":{"digest":"0000000000000000000000000000000000000000000000000000000000000003","sizeBytes":1003}}],"tracingMode":"Active","logFormat":"JSON","applicationLogLevel":"DEBUG","systemLogLevel":"WARN","logGroup":"/mine","snapStartApplyOn":"PublishedVersions","deadLetterTarget":"arn:aws:sqs:us-east-1:111122223333:q","state":"Failed","stateReason":"broken","stateReasonCode":"InternalError","lastUpdateStatus":"Failed","lastUpdateStatusReason":"also broken","lastUpdateStatusReasonCode":"InvalidConfiguration","lastModifiedAt":"2026-02-03T04:05:06.7891234+00:00","revisionId":"revision-2"}',3943828237);
INSERT INTO function_versions VALUES('111122223333','full',10,'{"version":"10","runtime":"python3.11","handler":"app.handler","role":"arn:aws:iam::111122223333:role/r","code":{"digest":"0000000000000000000000000000000000000000000000000000000000000002","sizeBytes":1002},"description":"says \u0022hello\u0022 \\ \uD83D\uDE00","timeoutSeconds":899,"memoryMegabytes":1769,"ephemeralStorageMegabytes":1024,"architecture":"arm64","variables":{"B":"1","a":"\n","b":"2"},"layers":[{"arn":"arn:aws:lambda:us-east-1:111122223333:layer:l:1","content":{"digest":"0000000000000000000000000000000000000000000000000000000000000003","sizeBytes":1003}}],"tracingMode":"Active","logFormat":"JSON","applicationLogLevel":"DEBUG","systemLogLevel":"WARN","logGroup":"/mine","snapStartApplyOn":"PublishedVersions","deadLetterTarget":"arn:aws:sqs:us-east-1:111122223333:q","state":"Failed","stateReason":"broken","stateReasonCode":"InternalError","lastUpdateStatus":"Failed","lastUpdateStatusReason":"also broken","lastUpdateStatusReasonCode":"InvalidConfiguration","lastModifiedAt":"2026-02-03T04:05:06.7891234+00:00","revisionId":"revision-10"}',3367611793);
CREATE TABLE layer_versions (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (account_id, name, version)
) STRICT;
INSERT INTO layer_versions VALUES('111122223333','l',1,'{"account":"111122223333","name":"l","version":1,"content":{"digest":"0000000000000000000000000000000000000000000000000000000000000004","sizeBytes":1004},"description":"shared","licenseInfo":"MIT","compatibleRuntimes":["nodejs20.x","python3.11"],"compatibleArchitectures":["x86_64"],"createdAt":"2026-02-03T04:05:06.7891234+00:00","policy":{"statements":[{"id":"s1","action":"lambda:InvokeFunction","principal":"*","resource":"arn:aws:lambda:us-east-1:111122223333:function:f","sourceArn":"arn:aws:s3:::b","sourceAccount":"444455556666","principalOrganizationId":"o-1","eventSourceToken":"token","functionUrlAuthType":"AWS_IAM","invokedViaFunctionUrl":true}],"revisionId":"policy-revision"}}',2883492321);
CREATE TABLE layer_counters (
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    last_version INTEGER NOT NULL,
    PRIMARY KEY (account_id, name)
) STRICT;
INSERT INTO layer_counters VALUES('111122223333','l',1);
CREATE TABLE events (
    event_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    payload BLOB NOT NULL,
    payload_checksum INTEGER NOT NULL
) STRICT;
INSERT INTO events VALUES('e','111122223333',17700915667891234,'{"id":"e","account":"111122223333","function":"f","qualifier":"live","clientContext":"e30\u002B/w==","traceHeader":"Root=1-5759e988-bd862e3fe1be46a994272793","acceptedAt":"2026-02-03T04:05:06.7891234+00:00","attempts":2,"dueAt":"2026-02-03T04:06:06.7891234+00:00"}',3173516292,X'000102ff',1730066950);
CREATE TABLE blobs (
    account_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    document TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (account_id, bucket, key)
) STRICT;
INSERT INTO blobs VALUES('111122223333','b','k','{"account":"111122223333","bucket":"b","key":"k","content":{"digest":"0000000000000000000000000000000000000000000000000000000000000005","sizeBytes":1005},"createdAt":"2026-02-03T04:05:06.7891234+00:00"}',38575588);
CREATE TABLE settings (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL,
    checksum INTEGER NOT NULL
) STRICT;
INSERT INTO settings VALUES('s',X'010203',4046516766);
CREATE INDEX access_keys_by_account ON access_keys (account_id, access_key_id);
CREATE INDEX events_by_due_time ON events (due_at, event_id);
COMMIT;
