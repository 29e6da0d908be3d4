package catalog

import "github.com/kakaowasm/kakaowasm/kakao"

// Consent items that open the profile: the older one for both parts, or one
// for each. Source: Kakao Login > REST API > Retrieving user information.
var (
	forProfile  = []string{"profile", "profile_nickname", "profile_image"}
	forNickname = []string{"profile", "profile_nickname"}
	forImage    = []string{"profile", "profile_image"}
	forEmail    = []string{"account_email"}
	forBirthday = []string{"birthday"}
	forCI       = []string{"account_ci"}
)

var profileFields = []Field{
	{Name: "nickname", Consent: forNickname, Doc: "Nickname."},
	{Name: "thumbnail_image_url", Consent: forImage, Doc: "Address of the picture in 110x110 or 100x100 pixels."},
	{Name: "profile_image_url", Consent: forImage, Doc: "Address of the picture in 640x640 or 480x480 pixels."},
	{Name: "is_default_image", Type: Boolean, Consent: forImage, Doc: "Whether the picture is Kakao's default."},
	{Name: "is_default_nickname", Type: Boolean, Consent: forNickname, Doc: "Whether the nickname is Kakao's default, in place of one against its rules."},
}

var accountFields = []Field{
	{Name: "profile_needs_agreement", Type: Boolean, Doc: "Whether consent to the profile is missing."},
	{Name: "profile_nickname_needs_agreement", Type: Boolean, Doc: "Whether consent to the nickname is missing."},
	{Name: "profile_image_needs_agreement", Type: Boolean, Doc: "Whether consent to the picture is missing."},
	{Name: "profile", Type: Object, Consent: forProfile, Fields: profileFields, Doc: "Nickname and pictures."},
	{Name: "email_needs_agreement", Type: Boolean, Doc: "Whether consent to the e-mail address is missing."},
	{Name: "is_email_valid", Type: Boolean, Consent: forEmail, Doc: "False if another Kakao Account has taken the address over."},
	{Name: "is_email_verified", Type: Boolean, Consent: forEmail, Doc: "Whether the address was verified."},
	{Name: "email", Consent: forEmail, Doc: "Representative e-mail address. No key for users: it can change hands."},
	{Name: "name_needs_agreement", Type: Boolean, Doc: "Whether consent to the name is missing."},
	{Name: "name", Consent: []string{"name"}, Doc: "Name."},
	{Name: "age_range_needs_agreement", Type: Boolean, Doc: "Whether consent to the age range is missing."},
	{Name: "age_range", Consent: []string{"age_range"}, OneOf: AgeRanges, Doc: "Age range."},
	{Name: "birthyear_needs_agreement", Type: Boolean, Doc: "Whether consent to the year of birth is missing."},
	{Name: "birthyear", Consent: []string{"birthyear"}, Doc: "Year of birth as YYYY."},
	{Name: "birthday_needs_agreement", Type: Boolean, Doc: "Whether consent to the birthday is missing."},
	{Name: "birthday", Consent: forBirthday, Doc: "Birthday as MMDD."},
	{Name: "birthday_type", Consent: forBirthday, OneOf: []string{"SOLAR", "LUNAR"}, Doc: "Calendar of the birthday."},
	{Name: "gender_needs_agreement", Type: Boolean, Doc: "Whether consent to the gender is missing."},
	{Name: "gender", Consent: []string{"gender"}, OneOf: []string{"female", "male"}, Doc: "Gender."},
	{Name: "phone_number_needs_agreement", Type: Boolean, Doc: "Whether consent to the phone number is missing."},
	{Name: "phone_number", Consent: []string{"phone_number"}, Doc: "Phone number with country code, such as +82 00-0000-0000."},
	{Name: "ci_needs_agreement", Type: Boolean, Doc: "Whether consent to the CI is missing."},
	{Name: "ci", Consent: forCI, Doc: "Connecting information: the same for one person at every service in Korea."},
	{Name: "ci_authenticated_at", Type: Datetime, Consent: forCI, Doc: "When the CI was issued."},
}

// AgeRanges are the values of age_range.
// Source: Kakao Login > REST API > Retrieving user information, KakaoAccount.
var AgeRanges = []string{"1~9", "10~14", "15~19", "20~29", "30~39", "40~49", "50~59", "60~69", "70~79", "80~89", "90~"}

var userFields = []Field{
	{Name: "id", Type: Long, Required: true, Doc: "Service user ID."},
	{Name: "has_signed_up", Type: Boolean, Doc: "Only for apps that link users by hand: false until the user is linked."},
	{Name: "connected_at", Type: Datetime, Doc: "When the user was linked with the app."},
	{Name: "synched_at", Type: Datetime, Doc: "When the user came through Kakao Sync."},
	{Name: "properties", Type: Map, Doc: "User properties of the app."},
	{Name: "kakao_account", Type: Object, Fields: accountFields, Doc: "Information of the Kakao Account."},
	{Name: "for_partner", Type: Object, Doc: "Information for apps with permission to send messages.", Fields: []Field{
		{Name: "uuid", Consent: []string{"talk_message"}, Doc: "ID of the user for messages."},
	}},
}

var propertyKeys = Param{
	Name: "property_keys", List: true, Encoding: JSON,
	Doc: `What to answer with, such as ["kakao_account.email","properties."]; a key that ends in a dot stands for everything below it.`,
}

// Me reads the information of one user.
var Me = Call{
	Name: "Me", Title: "Retrieve user information",
	Methods: []string{kakao.Get, kakao.Post}, Host: KAPI, Path: "/v2/user/me", Auth: userOrAdmin,
	Params: []Param{
		propertyKeys,
		{Name: "secure_resource", Type: Boolean, Default: "false", Doc: "Whether addresses of pictures are https."},
	},
	Fields:     userFields,
	Errors:     []Error{ErrToken, ErrNotLinked, ErrProperty},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving user information",
	Notes: []string{
		"A sample of the reference writes profile__nickname_needs_agreement with two underscores; the table and the other samples have one.",
		"properties.nickname, properties.profile_image and properties.thumbnail_image are deprecated; kakao_account.profile takes their place.",
		"The reference gives consent items by their titles; named here are the IDs that the scope parameter takes.",
	},
}

// UpdateProfile stores user properties.
var UpdateProfile = Call{
	Name: "UpdateProfile", Title: "Store user properties",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/user/update_profile", Auth: []Auth{ByUserToken},
	Params: []Param{{Name: "properties", Type: Map, Encoding: JSON, Required: true, Doc: `Properties to store, such as {"clothing_size":"small"}; the app must have defined the keys.`}},
	Fields: idAnswer,
	Errors: []Error{ErrToken, ErrNotLinked, ErrProperty},
	Source: "Kakao Login > REST API > Storing user information",
}

// Signup links a user by hand, for apps that do not link automatically.
var Signup = Call{
	Name: "Signup", Title: "Link a user by hand",
	Methods: []string{kakao.Post}, Host: KAPI, Path: "/v1/user/signup", Auth: []Auth{ByUserToken},
	Params: []Param{{Name: "properties", Type: Map, Encoding: JSON, Doc: "User properties to store at once."}},
	Fields: idAnswer,
	Errors: []Error{ErrAlreadyLinked, ErrToken, ErrProperty},
	Source: "Kakao Login > REST API > Manual signup",
}

// UserIDs lists the users of the app, page by page.
var UserIDs = Call{
	Name: "UserIDs", Title: "Retrieve the list of users",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/user/ids", Auth: []Auth{ByAdminKey},
	Params: []Param{
		{Name: "limit", Type: Integer, Min: 1, Max: 100, Default: "100", Doc: "Users per page."},
		{Name: "from_id", Type: Long, Doc: "Service user ID at which the page begins; it is part of the page. Otherwise the page begins at the lowest."},
		{Name: "order", OneOf: []string{"asc", "desc"}, Default: "asc", Doc: "Direction."},
	},
	Fields: []Field{
		{Name: "elements", Type: Long, List: true, Required: true, Doc: "Service user IDs."},
		{Name: "total_count", Type: Integer, Doc: "Number of users. Ended in January 2022."},
		{Name: "before_url", Doc: "Address of the page before; null if there is none."},
		{Name: "after_url", Doc: "Address of the page after; null if there is none."},
	},
	Errors:     []Error{ErrToken, ErrArgument},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving user list",
	Notes: []string{
		"The table calls total_count required and ended at once; no sample has it.",
		"The sample's after_url begins with the last user of its own page, so that pages overlap by one.",
		"before_url and after_url are plain http and repeat an app key. The client never follows them and drops the key.",
	},
}

// AppUsers reads the information of several users.
var AppUsers = Call{
	Name: "AppUsers", Title: "Retrieve the information of several users",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v2/app/users", Auth: []Auth{ByAdminKey},
	Params: []Param{
		{Name: "target_id_type", Required: true, Fixed: "user_id", Doc: "Kind of the IDs in target_ids."},
		{Name: "target_ids", Type: Long, List: true, Encoding: JSON, Required: true, MaxItems: 100, Doc: "Service user IDs; no more than 20 together with property_keys."},
		propertyKeys,
	},
	BareList: "elements",
	Fields: []Field{
		{Name: "elements", Type: Object, List: true, Required: true, Fields: userFields, Doc: "Users; without property_keys little more than their IDs."},
	},
	Errors:     []Error{ErrToken, ErrArgument},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving multiple user information",
	Notes:      []string{"The table puts the users into elements, the samples answer with the bare array. Both are read."},
}

// ShippingAddresses lists the shipping addresses of a user.
var ShippingAddresses = Call{
	Name: "ShippingAddresses", Title: "Retrieve shipping addresses",
	Methods: []string{kakao.Get}, Host: KAPI, Path: "/v1/user/shipping_address", Auth: userOrAdmin,
	Params: []Param{
		{Name: "address_id", Type: Long, Doc: "The one address to answer with."},
		{Name: "from_updated_at", Type: Integer, Doc: "Where the page begins: updated_at of the last address of the page before. 0 means the beginning."},
		{Name: "page_size", Type: Integer, Min: 2, Default: "10", Doc: "Addresses per page."},
	},
	Fields: []Field{
		{Name: "user_id", Type: Long, Required: true, Doc: "Service user ID."},
		{Name: "shipping_addresses", Type: Object, List: true, Consent: []string{"shipping_address"}, Fields: addressFields, Doc: "The default address first, then the others, the latest first."},
		{Name: "shipping_addresses_needs_agreement", Type: Boolean, Doc: "Whether consent is missing."},
	},
	Errors:     []Error{ErrToken, ErrNotLinked, ErrConsent},
	Repeatable: true,
	Source:     "Kakao Login > REST API > Retrieving shipping address",
	Notes: []string{
		"The reference sorts the latest first but lets a page hold what changed after from_updated_at. The client's iterator follows the last address and drops what it has seen, which is right for either.",
		"has_shipping_addresses is deprecated.",
	},
}

var addressFields = []Field{
	{Name: "id", Type: Long, Required: true, Doc: "ID of the address."},
	{Name: "name", Doc: "Name that the user gave it."},
	{Name: "is_default", Type: Boolean, Required: true, Doc: "Whether it is the default address."},
	{Name: "updated_at", Type: Integer, Doc: "When the user changed it, in seconds of Unix time."},
	{Name: "type", OneOf: []string{"OLD", "NEW"}, Doc: "OLD: administrative address. NEW: road name address."},
	{Name: "base_address", Doc: "Address as found by its postal code."},
	{Name: "detail_address", Doc: "What the user added."},
	{Name: "receiver_name", Doc: "Who receives."},
	{Name: "receiver_phone_number1", Doc: "Phone number of who receives."},
	{Name: "receiver_phone_number2", Doc: "Another one."},
	{Name: "zone_number", Doc: "Postal code of five digits, for a road name address."},
	{Name: "zip_code", Doc: "Postal code of six digits, for an administrative address that has one."},
}
