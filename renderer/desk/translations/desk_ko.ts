<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko" sourcelanguage="en">
 <context>
  <name>desk</name>
  <message>
   <source>A company</source>
   <translation>회사</translation>
  </message>
  <message>
   <source>A performer without a name</source>
   <translation>이름 없는 연기자</translation>
  </message>
  <message>
   <source>A recording is a file: it has no connection to open again.</source>
   <translation>녹화는 파일이라 다시 열 연결이 없습니다.</translation>
  </message>
  <message>
   <source>A show needs it.</source>
   <translation>공연에 필요합니다.</translation>
  </message>
  <message>
   <source>A show to learn from</source>
   <translation>배우기용 공연</translation>
  </message>
  <message>
   <source>A show was found</source>
   <translation>공연을 찾았습니다</translation>
  </message>
  <message>
   <source>A stranger</source>
   <translation>등록되지 않은 기기</translation>
  </message>
  <message>
   <source>AIR</source>
   <translation>방송</translation>
  </message>
  <message>
   <source>ALL HELD</source>
   <translation>모두 정지</translation>
  </message>
  <message>
   <source>Acknowledge</source>
   <translation>확인</translation>
  </message>
  <message>
   <source>Add a folder or a take (.mcap, .vrma, .bvh)</source>
   <translation>폴더나 테이크 추가(.mcap, .vrma, .bvh)</translation>
  </message>
  <message>
   <source>Add an avatar or a folder of them (.vrm)</source>
   <translation>아바타나 폴더 추가(.vrm)</translation>
  </message>
  <message>
   <source>Add output</source>
   <translation>출력 추가</translation>
  </message>
  <message>
   <source>Add rtmp://, srt://, whip+https:// — starts at once</source>
   <translation>rtmp://, srt://, whip+https:// 추가 — 바로 시작</translation>
  </message>
  <message>
   <source>Address of another camera</source>
   <translation>다른 카메라의 주소</translation>
  </message>
  <message>
   <source>Address of another output</source>
   <translation>다른 출력의 주소</translation>
  </message>
  <message>
   <source>Alarm</source>
   <translation>경보</translation>
  </message>
  <message>
   <source>Alarms</source>
   <translation>경보</translation>
  </message>
  <message>
   <source>Another camera</source>
   <translation>다른 카메라</translation>
  </message>
  <message>
   <source>Arrows: saturation and brightness; Page up and down: hue</source>
   <translation>화살표: 채도와 밝기, Page 위아래: 색상</translation>
  </message>
  <message>
   <source>Assign</source>
   <translation>배정</translation>
  </message>
  <message>
   <source>At the right is what an audience sees. Press 3: a camera comes to preview.</source>
   <translation>오른쪽은 관객이 보는 화면입니다. 3을 누르면 카메라가 미리보기에 나옵니다.</translation>
  </message>
  <message>
   <source>Audience</source>
   <translation>관객</translation>
  </message>
  <message>
   <source>Auto</source>
   <translation>자동</translation>
  </message>
  <message>
   <source>Auto-director</source>
   <translation>자동 연출</translation>
  </message>
  <message>
   <source>Avatars</source>
   <translation>아바타</translation>
  </message>
  <message>
   <source>BLACK</source>
   <translation>암전</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>뒤로</translation>
  </message>
  <message>
   <source>Bar {bar}</source>
   <translation>{bar}마디</translation>
  </message>
  <message>
   <source>Bar {bar} · left {left}</source>
   <translation>{bar}마디 · {left} 남음</translation>
  </message>
  <message>
   <source>Begin</source>
   <translation>시작</translation>
  </message>
  <message>
   <source>Behind</source>
   <translation>뒤에서</translation>
  </message>
  <message>
   <source>Beside the camera of {who}</source>
   <translation>{who}의 카메라 옆에서 시험</translation>
  </message>
  <message>
   <source>Black off</source>
   <translation>암전 해제</translation>
  </message>
  <message>
   <source>Blackout</source>
   <translation>블랙아웃</translation>
  </message>
  <message>
   <source>Break</source>
   <translation>브레이크</translation>
  </message>
  <message>
   <source>Bridge</source>
   <translation>브리지</translation>
  </message>
  <message>
   <source>Bring this perspective to the front</source>
   <translation>이 화면을 앞으로 가져옵니다</translation>
  </message>
  <message>
   <source>CLEARED</source>
   <translation>해소</translation>
  </message>
  <message>
   <source>Calibrate</source>
   <translation>보정</translation>
  </message>
  <message>
   <source>Calibration</source>
   <translation>보정</translation>
  </message>
  <message>
   <source>Call a cue</source>
   <translation>큐 부르기</translation>
  </message>
  <message>
   <source>Camera pictures</source>
   <translation>카메라 영상</translation>
  </message>
  <message>
   <source>Camera {number} to preview</source>
   <translation>카메라 {number} 미리보기</translation>
  </message>
  <message>
   <source>Cameras</source>
   <translation>카메라</translation>
  </message>
  <message>
   <source>Capture</source>
   <translation>캡처</translation>
  </message>
  <message>
   <source>Cause</source>
   <translation>원인</translation>
  </message>
  <message>
   <source>Change the chosen performer to the chosen avatar on stage, if the show loaded it</source>
   <translation>공연이 불러온 아바타라면, 고른 출연자를 무대에서 고른 아바타로 바꿉니다</translation>
  </message>
  <message>
   <source>Change the chosen performer's avatar to its next set of colours on stage</source>
   <translation>고른 출연자의 아바타를 무대에서 다음 색 구성으로 바꿉니다</translation>
  </message>
  <message>
   <source>Channel {channel}: {level}</source>
   <translation>채널 {channel}: {level}</translation>
  </message>
  <message>
   <source>Check</source>
   <translation>점검</translation>
  </message>
  <message>
   <source>Check of the file</source>
   <translation>파일 점검</translation>
  </message>
  <message>
   <source>Check of this machine</source>
   <translation>이 컴퓨터 점검</translation>
  </message>
  <message>
   <source>Check the cameras' cables and light.</source>
   <translation>카메라의 케이블과 조명을 확인하세요.</translation>
  </message>
  <message>
   <source>Check the microphone and its gain.</source>
   <translation>마이크와 게인을 확인하세요.</translation>
  </message>
  <message>
   <source>Check the phone, suit or microphone.</source>
   <translation>휴대폰, 슈트, 마이크를 확인하세요.</translation>
  </message>
  <message>
   <source>Check the song's file and the player.</source>
   <translation>곡 파일과 재생기를 확인하세요.</translation>
  </message>
  <message>
   <source>Checking…</source>
   <translation>점검 중…</translation>
  </message>
  <message>
   <source>Choose a bus first: left and right.</source>
   <translation>먼저 좌우 키로 버스를 선택하세요.</translation>
  </message>
  <message>
   <source>Choose a cue in the list first.</source>
   <translation>먼저 목록에서 큐를 선택하세요.</translation>
  </message>
  <message>
   <source>Choose a shot</source>
   <translation>샷 고르기</translation>
  </message>
  <message>
   <source>Choose an avatar and a performer first.</source>
   <translation>먼저 아바타와 연기자를 선택하세요.</translation>
  </message>
  <message>
   <source>Choose an output in the list first.</source>
   <translation>먼저 목록에서 출력을 선택하세요.</translation>
  </message>
  <message>
   <source>Choose an output to see its bit rate.</source>
   <translation>출력을 선택하면 비트레이트가 보입니다.</translation>
  </message>
  <message>
   <source>Choose another look.</source>
   <translation>다른 룩을 고르세요.</translation>
  </message>
  <message>
   <source>Choose somebody of the crew first.</source>
   <translation>먼저 제작진 한 사람을 선택하세요.</translation>
  </message>
  <message>
   <source>Choose the next avatar of the library</source>
   <translation>보관함의 다음 아바타를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the next bus</source>
   <translation>다음 버스를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the next limb</source>
   <translation>다음 부위를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the next output</source>
   <translation>다음 출력을 선택합니다</translation>
  </message>
  <message>
   <source>Choose the performer for the next press</source>
   <translation>다음 조작의 연기자를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the performer who gets the avatar</source>
   <translation>아바타를 받을 연기자를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the previous avatar of the library</source>
   <translation>보관함의 이전 아바타를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the previous bus</source>
   <translation>이전 버스를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the previous limb</source>
   <translation>이전 부위를 선택합니다</translation>
  </message>
  <message>
   <source>Choose the previous output</source>
   <translation>이전 출력을 선택합니다</translation>
  </message>
  <message>
   <source>Chorus</source>
   <translation>후렴</translation>
  </message>
  <message>
   <source>Click</source>
   <translation>클릭</translation>
  </message>
  <message>
   <source>Click off</source>
   <translation>클릭 끄기</translation>
  </message>
  <message>
   <source>Click: to preview. Double click: on air.</source>
   <translation>클릭: 미리보기. 두 번 클릭: 방송.</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>닫기</translation>
  </message>
  <message>
   <source>Close alarms</source>
   <translation>경보 닫기</translation>
  </message>
  <message>
   <source>Close prompt screen</source>
   <translation>안내 화면 닫기</translation>
  </message>
  <message>
   <source>Close the camera that is tried</source>
   <translation>시험 중인 카메라를 닫습니다</translation>
  </message>
  <message>
   <source>Close the chosen output's connection and open it again at once</source>
   <translation>선택한 출력의 연결을 닫고 바로 다시 엽니다</translation>
  </message>
  <message>
   <source>Colour</source>
   <translation>색</translation>
  </message>
  <message>
   <source>Colour and position</source>
   <translation>색과 위치</translation>
  </message>
  <message>
   <source>Colours</source>
   <translation>색</translation>
  </message>
  <message>
   <source>Confetti</source>
   <translation>색종이</translation>
  </message>
  <message>
   <source>Control</source>
   <translation>진행</translation>
  </message>
  <message>
   <source>Crew</source>
   <translation>제작진</translation>
  </message>
  <message>
   <source>Cross</source>
   <translation>교차</translation>
  </message>
  <message>
   <source>Crowd by look</source>
   <translation>관객 룩대로</translation>
  </message>
  <message>
   <source>Crowd calm</source>
   <translation>관객 차분히</translation>
  </message>
  <message>
   <source>Crowd jumps</source>
   <translation>관객 점프</translation>
  </message>
  <message>
   <source>Crowd waves</source>
   <translation>관객 물결</translation>
  </message>
  <message>
   <source>Cue list</source>
   <translation>큐 목록</translation>
  </message>
  <message>
   <source>Cues</source>
   <translation>큐</translation>
  </message>
  <message>
   <source>Cut</source>
   <translation>컷</translation>
  </message>
  <message>
   <source>Cut to camera {number}</source>
   <translation>카메라 {number}로 컷</translation>
  </message>
  <message>
   <source>DMX in</source>
   <translation>DMX 입력</translation>
  </message>
  <message>
   <source>DMX levels</source>
   <translation>DMX 레벨</translation>
  </message>
  <message>
   <source>DONE</source>
   <translation>완료</translation>
  </message>
  <message>
   <source>Declared and disclosed</source>
   <translation>신고와 표시</translation>
  </message>
  <message>
   <source>Desk</source>
   <translation>데스크</translation>
  </message>
  <message>
   <source>Devices found</source>
   <translation>찾은 장치</translation>
  </message>
  <message>
   <source>Director</source>
   <translation>연출</translation>
  </message>
  <message>
   <source>Dissolve</source>
   <translation>디졸브</translation>
  </message>
  <message>
   <source>Dissolve a quarter of a second longer</source>
   <translation>디졸브를 0.25초 길게 합니다</translation>
  </message>
  <message>
   <source>Dissolve a quarter of a second shorter</source>
   <translation>디졸브를 0.25초 짧게 합니다</translation>
  </message>
  <message>
   <source>Dissolve from program to preview</source>
   <translation>프로그램에서 미리보기로 디졸브합니다</translation>
  </message>
  <message>
   <source>Drag a fader; a double click sets it to 0 dB</source>
   <translation>페이더를 끌고, 두 번 누르면 0 dB</translation>
  </message>
  <message>
   <source>Drag an avatar to a performer, or press Assign</source>
   <translation>아바타를 연기자에게 끌거나 배정을 누르세요</translation>
  </message>
  <message>
   <source>Dropped</source>
   <translation>손실</translation>
  </message>
  <message>
   <source>ENDED</source>
   <translation>종료</translation>
  </message>
  <message>
   <source>Edit</source>
   <translation>편집</translation>
  </message>
  <message>
   <source>Edit layout</source>
   <translation>배치 편집</translation>
  </message>
  <message>
   <source>Edit mode: panels can be moved</source>
   <translation>편집 모드: 패널을 옮길 수 있음</translation>
  </message>
  <message>
   <source>Effects</source>
   <translation>효과</translation>
  </message>
  <message>
   <source>Effects and audience</source>
   <translation>효과와 관객</translation>
  </message>
  <message>
   <source>Encore desk</source>
   <translation>Encore 데스크</translation>
  </message>
  <message>
   <source>End learning</source>
   <translation>학습 끝내기</translation>
  </message>
  <message>
   <source>End song</source>
   <translation>곡 끝내기</translation>
  </message>
  <message>
   <source>End talkback</source>
   <translation>토크백 끝</translation>
  </message>
  <message>
   <source>End the chosen output; the others go on</source>
   <translation>선택한 출력을 끝냅니다. 나머지는 계속됩니다</translation>
  </message>
  <message>
   <source>End the song: talk follows</source>
   <translation>곡을 끝냅니다. 토크가 이어집니다</translation>
  </message>
  <message>
   <source>Ends</source>
   <translation>종료 예상</translation>
  </message>
  <message>
   <source>Every alarm has been acknowledged.</source>
   <translation>모든 경보를 확인했습니다.</translation>
  </message>
  <message>
   <source>Every idol's licence is held against this.</source>
   <translation>모든 아이돌의 라이선스를 이것으로 판단합니다.</translation>
  </message>
  <message>
   <source>Everybody may do everything. Name the crew in the document: [[operators]].</source>
   <translation>누구나 모든 것을 할 수 있습니다. 문서의 [[operators]]에 제작진을 쓰세요.</translation>
  </message>
  <message>
   <source>Exchange preview and program at once</source>
   <translation>미리보기와 프로그램을 바로 바꿉니다</translation>
  </message>
  <message>
   <source>Expiries</source>
   <translation>만료일</translation>
  </message>
  <message>
   <source>FAULT</source>
   <translation>장애</translation>
  </message>
  <message>
   <source>Face</source>
   <translation>얼굴</translation>
  </message>
  <message>
   <source>Fade the picture to black; the sound goes on</source>
   <translation>화면을 검게 하고 소리는 계속 내보냅니다</translation>
  </message>
  <message>
   <source>Fade to black</source>
   <translation>암전</translation>
  </message>
  <message>
   <source>Fade to this look in two seconds</source>
   <translation>2초 동안 이 룩으로 바꿉니다</translation>
  </message>
  <message>
   <source>Fan</source>
   <translation>부채</translation>
  </message>
  <message>
   <source>File or folder of avatars</source>
   <translation>아바타 파일이나 폴더</translation>
  </message>
  <message>
   <source>Fill light</source>
   <translation>필 라이트</translation>
  </message>
  <message>
   <source>Find</source>
   <translation>찾기</translation>
  </message>
  <message>
   <source>Find any command by its name, and see its key</source>
   <translation>이름으로 명령을 찾고 키를 봅니다</translation>
  </message>
  <message>
   <source>Finish</source>
   <translation>마치기</translation>
  </message>
  <message>
   <source>Finish every output and end the show</source>
   <translation>모든 출력을 마무리하고 공연을 끝냅니다</translation>
  </message>
  <message>
   <source>Fire this effect once</source>
   <translation>이 효과를 한 번 터뜨립니다</translation>
  </message>
  <message>
   <source>First Light has songs, five cameras and 40 cues. Nothing goes out yet.</source>
   <translation>First Light에는 곡, 카메라 5대, 큐 40개가 있습니다. 아직 송출하지 않습니다.</translation>
  </message>
  <message>
   <source>Floor</source>
   <translation>바닥</translation>
  </message>
  <message>
   <source>Folder of takes</source>
   <translation>테이크 폴더</translation>
  </message>
  <message>
   <source>Follow</source>
   <translation>이어서</translation>
  </message>
  <message>
   <source>For performer {number}</source>
   <translation>연기자 {number}에게</translation>
  </message>
  <message>
   <source>For this show</source>
   <translation>이 공연에서</translation>
  </message>
  <message>
   <source>Forget the highest peaks</source>
   <translation>최고 피크를 지웁니다</translation>
  </message>
  <message>
   <source>Frame rate</source>
   <translation>프레임률</translation>
  </message>
  <message>
   <source>Free space, or stop a recording.</source>
   <translation>공간을 비우거나 녹화를 멈추세요.</translation>
  </message>
  <message>
   <source>Freeze</source>
   <translation>정지</translation>
  </message>
  <message>
   <source>Freeze every idol in its pose; press again to release them</source>
   <translation>모든 아이돌을 지금 자세로 멈춥니다. 다시 누르면 풀립니다</translation>
  </message>
  <message>
   <source>Freeze, idle or replace what is lost.</source>
   <translation>놓친 부위를 정지, 휴식, 교체하세요.</translation>
  </message>
  <message>
   <source>From nothing to First Light on air on this machine, in two minutes</source>
   <translation>2분 만에 이 컴퓨터에서 First Light를 방송하기까지</translation>
  </message>
  <message>
   <source>GO</source>
   <translation>GO</translation>
  </message>
  <message>
   <source>Gain {number} dB</source>
   <translation>게인 {number} dB</translation>
  </message>
  <message>
   <source>Give all back</source>
   <translation>모두 돌려주기</translation>
  </message>
  <message>
   <source>Give every limb back to the performer</source>
   <translation>모든 부위를 연기자에게 돌려줍니다</translation>
  </message>
  <message>
   <source>Give the audience back to the look</source>
   <translation>관객을 룩에 맡깁니다</translation>
  </message>
  <message>
   <source>Give the chosen avatar to the chosen performer in the show's document</source>
   <translation>공연 문서에서 선택한 연기자에게 선택한 아바타를 줍니다</translation>
  </message>
  <message>
   <source>Give the chosen limb back to the performer</source>
   <translation>선택한 부위를 연기자에게 돌려줍니다</translation>
  </message>
  <message>
   <source>Go live</source>
   <translation>방송 시작</translation>
  </message>
  <message>
   <source>Go live all the same</source>
   <translation>책임지고 방송 시작</translation>
  </message>
  <message>
   <source>Go live without outputs that fail</source>
   <translation>실패한 출력은 빼고 시작</translation>
  </message>
  <message>
   <source>Go on air</source>
   <translation>방송하기</translation>
  </message>
  <message>
   <source>Go on air with the problems that the check found; your name answers for it in the log</source>
   <translation>점검에서 찾은 문제가 있어도 방송합니다. 담당자 이름이 기록에 남습니다</translation>
  </message>
  <message>
   <source>Go to where the worst alarm can be dealt with</source>
   <translation>가장 심한 경보를 처리할 곳으로 갑니다</translation>
  </message>
  <message>
   <source>Go-live check</source>
   <translation>방송 전 점검</translation>
  </message>
  <message>
   <source>Good.</source>
   <translation>좋습니다.</translation>
  </message>
  <message>
   <source>Grand master</source>
   <translation>그랜드 마스터</translation>
  </message>
  <message>
   <source>Graphics</source>
   <translation>그래픽</translation>
  </message>
  <message>
   <source>Hand the cameras to the auto-director, or take them over</source>
   <translation>카메라를 자동 연출에 맡기거나 넘겨받습니다</translation>
  </message>
  <message>
   <source>Have the chosen limb be at ease</source>
   <translation>선택한 부위를 편한 자세로 둡니다</translation>
  </message>
  <message>
   <source>Have the chosen limb do what the other does</source>
   <translation>선택한 부위가 반대쪽을 따라 합니다</translation>
  </message>
  <message>
   <source>Have the chosen limb stand as it is shown now</source>
   <translation>선택한 부위를 지금 보이는 대로 멈춥니다</translation>
  </message>
  <message>
   <source>Have this take of the bin move the chosen limb</source>
   <translation>이 테이크가 선택한 부위를 움직입니다</translation>
  </message>
  <message>
   <source>Head</source>
   <translation>머리</translation>
  </message>
  <message>
   <source>Heads, back</source>
   <translation>무빙, 뒤</translation>
  </message>
  <message>
   <source>Heads, follow</source>
   <translation>무빙, 팔로</translation>
  </message>
  <message>
   <source>Heads, front</source>
   <translation>무빙, 앞</translation>
  </message>
  <message>
   <source>Heads, house</source>
   <translation>무빙, 객석</translation>
  </message>
  <message>
   <source>Heads, ladder</source>
   <translation>무빙, 사다리</translation>
  </message>
  <message>
   <source>Hold idols</source>
   <translation>아이돌 정지</translation>
  </message>
  <message>
   <source>Hold the song where it is, or go on</source>
   <translation>곡을 지금 위치에서 멈추거나 계속합니다</translation>
  </message>
  <message>
   <source>Hold the waits of the cue list, or continue them</source>
   <translation>큐 목록의 대기 시간을 멈추거나 계속합니다</translation>
  </message>
  <message>
   <source>I myself, for profit</source>
   <translation>나 자신, 영리</translation>
  </message>
  <message>
   <source>I myself, without profit</source>
   <translation>나 자신, 비영리</translation>
  </message>
  <message>
   <source>Idle</source>
   <translation>휴식</translation>
  </message>
  <message>
   <source>Intro</source>
   <translation>인트로</translation>
  </message>
  <message>
   <source>Its own alone</source>
   <translation>자기 색만</translation>
  </message>
  <message>
   <source>Its recording cannot be read: no waveform.</source>
   <translation>음원을 읽을 수 없어 파형이 없습니다.</translation>
  </message>
  <message>
   <source>Its recording is not on this machine: no waveform.</source>
   <translation>음원이 이 컴퓨터에 없어 파형이 없습니다.</translation>
  </message>
  <message>
   <source>Jets</source>
   <translation>제트</translation>
  </message>
  <message>
   <source>Jump to cue</source>
   <translation>큐로 이동</translation>
  </message>
  <message>
   <source>Keep what was done by hand since the last cue as a new cue before standby</source>
   <translation>마지막 큐 뒤에 손으로 한 조작을 대기 큐 앞의 새 큐로 남깁니다</translation>
  </message>
  <message>
   <source>Key light</source>
   <translation>키 라이트</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>키</translation>
  </message>
  <message>
   <source>L arm</source>
   <translation>왼팔</translation>
  </message>
  <message>
   <source>L hand</source>
   <translation>왼손</translation>
  </message>
  <message>
   <source>L leg</source>
   <translation>왼다리</translation>
  </message>
  <message>
   <source>Label in the picture</source>
   <translation>화면 속 표시</translation>
  </message>
  <message>
   <source>Language</source>
   <translation>언어</translation>
  </message>
  <message>
   <source>Latency</source>
   <translation>지연</translation>
  </message>
  <message>
   <source>Latency, light to output</source>
   <translation>지연, 빛에서 출력까지</translation>
  </message>
  <message>
   <source>Learn OSC</source>
   <translation>OSC 학습</translation>
  </message>
  <message>
   <source>Learn controllers</source>
   <translation>컨트롤러 학습</translation>
  </message>
  <message>
   <source>Learning: press a control here, then move one of the controller</source>
   <translation>학습 중: 여기서 버튼을 누른 뒤 컨트롤러를 움직이세요</translation>
  </message>
  <message>
   <source>Leave the tour</source>
   <translation>둘러보기 나가기</translation>
  </message>
  <message>
   <source>Left</source>
   <translation>남은 시간</translation>
  </message>
  <message>
   <source>Length</source>
   <translation>길이</translation>
  </message>
  <message>
   <source>Let panels be moved, or lock them for the show</source>
   <translation>패널을 옮길 수 있게 하거나 공연을 위해 잠급니다</translation>
  </message>
  <message>
   <source>Let the chosen operator call cues, cameras, songs and outputs</source>
   <translation>선택한 오퍼레이터가 큐, 카메라, 곡, 출력을 부를 수 있게 합니다</translation>
  </message>
  <message>
   <source>Let the chosen operator change the show's document as well</source>
   <translation>선택한 오퍼레이터가 공연 문서도 바꿀 수 있게 합니다</translation>
  </message>
  <message>
   <source>Let the chosen operator decide on rights and roles as well</source>
   <translation>선택한 오퍼레이터가 권리와 역할도 정할 수 있게 합니다</translation>
  </message>
  <message>
   <source>Let the chosen operator look at the show</source>
   <translation>선택한 오퍼레이터가 공연을 볼 수 있게 합니다</translation>
  </message>
  <message>
   <source>Let the next take move the whole idol once, not the chosen limb</source>
   <translation>다음 테이크가 선택한 부위가 아니라 아이돌 전체를 한 번 움직입니다</translation>
  </message>
  <message>
   <source>Let the performers hear the click; never the program</source>
   <translation>연기자에게 클릭을 들려줍니다. 프로그램에는 나가지 않습니다</translation>
  </message>
  <message>
   <source>Let the performers hear the crew's microphone; never the program</source>
   <translation>연기자에게 제작진 마이크를 들려줍니다. 프로그램에는 나가지 않습니다</translation>
  </message>
  <message>
   <source>Licence, signed</source>
   <translation>서명된 라이선스</translation>
  </message>
  <message>
   <source>Lights</source>
   <translation>조명</translation>
  </message>
  <message>
   <source>Live</source>
   <translation>라이브</translation>
  </message>
  <message>
   <source>Lock layout</source>
   <translation>배치 잠금</translation>
  </message>
  <message>
   <source>Log</source>
   <translation>기록</translation>
  </message>
  <message>
   <source>Longer dissolve</source>
   <translation>디졸브 길게</translation>
  </message>
  <message>
   <source>Look again</source>
   <translation>다시 찾기</translation>
  </message>
  <message>
   <source>Look {number}</source>
   <translation>룩 {number}</translation>
  </message>
  <message>
   <source>Looking for cameras, microphones, graphics and encoders…</source>
   <translation>카메라, 마이크, 그래픽, 인코더를 찾는 중…</translation>
  </message>
  <message>
   <source>Looking for it. What you see is the last that it told.</source>
   <translation>찾는 중입니다. 보이는 것은 마지막 상태입니다.</translation>
  </message>
  <message>
   <source>Looks</source>
   <translation>룩</translation>
  </message>
  <message>
   <source>Louder</source>
   <translation>크게</translation>
  </message>
  <message>
   <source>Lower the chosen bus by {number} dB</source>
   <translation>선택한 버스를 {number} dB 내립니다</translation>
  </message>
  <message>
   <source>Lower the grand master by 5 %</source>
   <translation>그랜드 마스터를 5 % 내립니다</translation>
  </message>
  <message>
   <source>MIDI ports</source>
   <translation>MIDI 포트</translation>
  </message>
  <message>
   <source>Machines</source>
   <translation>다른 컴퓨터</translation>
  </message>
  <message>
   <source>Master</source>
   <translation>마스터</translation>
  </message>
  <message>
   <source>Master down</source>
   <translation>마스터 내리기</translation>
  </message>
  <message>
   <source>Master full</source>
   <translation>마스터 최대</translation>
  </message>
  <message>
   <source>Master up</source>
   <translation>마스터 올리기</translation>
  </message>
  <message>
   <source>Microphones</source>
   <translation>마이크</translation>
  </message>
  <message>
   <source>Mirror</source>
   <translation>미러</translation>
  </message>
  <message>
   <source>Mixer</source>
   <translation>믹서</translation>
  </message>
  <message>
   <source>Move the control for {title} now.</source>
   <translation>지금 {title}에 쓸 컨트롤을 움직이세요.</translation>
  </message>
  <message>
   <source>Move the grand master with the arrows, or drag it</source>
   <translation>화살표 키나 드래그로 그랜드 마스터를 움직입니다</translation>
  </message>
  <message>
   <source>Move the transition by hand: with the arrows, or drag it</source>
   <translation>화살표 키나 드래그로 전환을 손으로 움직입니다</translation>
  </message>
  <message>
   <source>Mute</source>
   <translation>음소거</translation>
  </message>
  <message>
   <source>Mute the chosen bus, or open it again</source>
   <translation>선택한 버스를 음소거하거나 다시 엽니다</translation>
  </message>
  <message>
   <source>My own</source>
   <translation>내 화면</translation>
  </message>
  <message>
   <source>NEXT</source>
   <translation>다음</translation>
  </message>
  <message>
   <source>NO CONTACT</source>
   <translation>응답 없음</translation>
  </message>
  <message>
   <source>NO SHOW</source>
   <translation>공연 없음</translation>
  </message>
  <message>
   <source>NOTICE</source>
   <translation>알림</translation>
  </message>
  <message>
   <source>Name of a new show</source>
   <translation>새 공연의 이름</translation>
  </message>
  <message>
   <source>Name of the studio or performer</source>
   <translation>스튜디오나 연기자의 이름</translation>
  </message>
  <message>
   <source>Network addresses</source>
   <translation>네트워크 주소</translation>
  </message>
  <message>
   <source>New show</source>
   <translation>새 공연</translation>
  </message>
  <message>
   <source>Next avatar</source>
   <translation>다음 아바타</translation>
  </message>
  <message>
   <source>Next bus</source>
   <translation>다음 버스</translation>
  </message>
  <message>
   <source>Next colours</source>
   <translation>다음 색</translation>
  </message>
  <message>
   <source>Next limb</source>
   <translation>다음 부위</translation>
  </message>
  <message>
   <source>Next output</source>
   <translation>다음 출력</translation>
  </message>
  <message>
   <source>Next song</source>
   <translation>다음 곡</translation>
  </message>
  <message>
   <source>No DMX arrives. Let the document listen: [[control.dmx]], docs/control.md.</source>
   <translation>들어오는 DMX가 없습니다. 문서의 [[control.dmx]]로 받으세요: docs/control.md</translation>
  </message>
  <message>
   <source>No alarm has a place of its own.</source>
   <translation>위치가 있는 경보가 없습니다.</translation>
  </message>
  <message>
   <source>No avatars. Add a .vrm file below.</source>
   <translation>아바타가 없습니다. 아래에 .vrm 파일을 추가하세요.</translation>
  </message>
  <message>
   <source>No camera is on preview. Press the key of one.</source>
   <translation>미리보기에 카메라가 없습니다. 카메라 키를 누르세요.</translation>
  </message>
  <message>
   <source>No camera is tried. Type its address.</source>
   <translation>시험 중인 카메라가 없습니다. 주소를 입력하세요.</translation>
  </message>
  <message>
   <source>No camera picture</source>
   <translation>카메라 영상 없음</translation>
  </message>
  <message>
   <source>No cameras. Give the show a document with [[cameras]]: docs/directing.md.</source>
   <translation>카메라가 없습니다. [[cameras]]가 있는 문서를 주세요: docs/directing.md</translation>
  </message>
  <message>
   <source>No command is called that. Try a shorter word.</source>
   <translation>그런 명령이 없습니다. 더 짧은 말로 찾아보세요.</translation>
  </message>
  <message>
   <source>No cue list</source>
   <translation>큐 목록 없음</translation>
  </message>
  <message>
   <source>No cues. Give the show's document [[cue_lists]], or record what you do: R.</source>
   <translation>큐가 없습니다. 문서에 [[cue_lists]]를 넣거나 R로 조작을 기록하세요.</translation>
  </message>
  <message>
   <source>No frame has been drawn yet.</source>
   <translation>아직 그린 프레임이 없습니다.</translation>
  </message>
  <message>
   <source>No live input: nothing has a latency.</source>
   <translation>실시간 입력이 없어 지연을 재지 않습니다.</translation>
  </message>
  <message>
   <source>No look of the document is on. Choose one, and its colours are here.</source>
   <translation>켜진 문서의 룩이 없습니다. 룩을 고르면 색이 나옵니다.</translation>
  </message>
  <message>
   <source>No looks. Give the show's document [[looks]]: docs/directing.md.</source>
   <translation>룩이 없습니다. 공연 문서에 [[looks]]를 넣으세요: docs/directing.md</translation>
  </message>
  <message>
   <source>No performers. Give the show an input: encore show --input camera:0.</source>
   <translation>연기자가 없습니다. 입력을 주세요: encore show --input camera:0</translation>
  </message>
  <message>
   <source>No picture</source>
   <translation>그림 없음</translation>
  </message>
  <message>
   <source>No program picture. Start a show: F9.</source>
   <translation>프로그램 화면이 없습니다. F9로 공연을 시작하세요.</translation>
  </message>
  <message>
   <source>No show is judged yet. Its avatars' licences are shown here.</source>
   <translation>아직 판정한 공연이 없습니다. 아바타의 라이선스가 여기에 나옵니다.</translation>
  </message>
  <message>
   <source>No show is open. Its idols' licences and their ends are listed here.</source>
   <translation>열린 공연이 없습니다. 아이돌의 라이선스 만료일이 여기에 나옵니다.</translation>
  </message>
  <message>
   <source>No show is open. Start one, and its performers are listed here.</source>
   <translation>열린 공연이 없습니다. 시작하면 연기자가 여기에 나옵니다.</translation>
  </message>
  <message>
   <source>No show is running</source>
   <translation>진행 중인 공연이 없습니다</translation>
  </message>
  <message>
   <source>No show is running. Start one from the start page.</source>
   <translation>진행 중인 공연이 없습니다. 시작 화면에서 시작하세요.</translation>
  </message>
  <message>
   <source>No show to check. Start one from the start page: F9.</source>
   <translation>점검할 공연이 없습니다. 시작 화면(F9)에서 시작하세요.</translation>
  </message>
  <message>
   <source>No shows yet. Make one below.</source>
   <translation>아직 공연이 없습니다. 아래에서 만드세요.</translation>
  </message>
  <message>
   <source>No song plays.</source>
   <translation>재생 중인 곡이 없습니다.</translation>
  </message>
  <message>
   <source>No song plays. Give the show's document [[songs]] with a file and its beat.</source>
   <translation>재생 중인 곡이 없습니다. 문서에 파일과 박자가 있는 [[songs]]를 넣으세요.</translation>
  </message>
  <message>
   <source>No songs. Give the show's document [[songs]].</source>
   <translation>곡이 없습니다. 공연 문서에 [[songs]]를 넣으세요.</translation>
  </message>
  <message>
   <source>No takes. Record one (encore show --take), or add a folder below.</source>
   <translation>테이크가 없습니다. 녹화하거나(encore show --take) 아래에 폴더를 추가하세요.</translation>
  </message>
  <message>
   <source>No-go: {thing}, {fault}. Mend it, or answer for it by name (Outputs, go-live check).</source>
   <translation>방송 불가: {thing}, {fault}. 고치거나 이름을 걸고 책임지세요(출력, 방송 전 점검).</translation>
  </message>
  <message>
   <source>None. Add a phone, a suit or a microphone: encore show --face, --suit, --voice.</source>
   <translation>없음. 휴대폰, 슈트, 마이크를 추가하세요: encore show --face, --suit, --voice</translation>
  </message>
  <message>
   <source>None. Pair another machine: encore pair.</source>
   <translation>없습니다. 다른 컴퓨터를 연결하세요: encore pair.</translation>
  </message>
  <message>
   <source>Note: {note}</source>
   <translation>메모: {note}</translation>
  </message>
  <message>
   <source>Notes</source>
   <translation>메모</translation>
  </message>
  <message>
   <source>Nothing goes out yet. Type an address below, or plan outputs in the document.</source>
   <translation>아직 송출이 없습니다. 아래에 주소를 쓰거나 문서에 출력을 예정하세요.</translation>
  </message>
  <message>
   <source>Nothing goes out. Plan outputs in the show's document, or add one: F4.</source>
   <translation>송출이 없습니다. 문서에 출력을 예정하거나 F4에서 추가하세요.</translation>
  </message>
  <message>
   <source>Nothing has been edited.</source>
   <translation>편집한 것이 없습니다.</translation>
  </message>
  <message>
   <source>Nothing has been undone.</source>
   <translation>취소한 것이 없습니다.</translation>
  </message>
  <message>
   <source>Nothing has happened yet. The whole evening is in the journal: encore log.</source>
   <translation>아직 아무 일도 없습니다. 전체 기록은 encore log에 있습니다.</translation>
  </message>
  <message>
   <source>Nothing is declared yet: [rights] in the show's document.</source>
   <translation>아직 신고가 없습니다. 공연 문서의 [rights]를 쓰세요.</translation>
  </message>
  <message>
   <source>Nothing is wrong.</source>
   <translation>문제가 없습니다.</translation>
  </message>
  <message>
   <source>Nothing stands in the way: go live.</source>
   <translation>막는 것이 없습니다. 방송을 시작하세요.</translation>
  </message>
  <message>
   <source>Now</source>
   <translation>현재</translation>
  </message>
  <message>
   <source>OFF AIR</source>
   <translation>방송 전</translation>
  </message>
  <message>
   <source>ON AIR</source>
   <translation>방송 중</translation>
  </message>
  <message>
   <source>On air, here alone</source>
   <translation>이 컴퓨터에서만 방송</translation>
  </message>
  <message>
   <source>One moment, please</source>
   <translation>잠시만 기다려 주세요</translation>
  </message>
  <message>
   <source>Open</source>
   <translation>열기</translation>
  </message>
  <message>
   <source>Open a file: show.toml</source>
   <translation>파일 열기: show.toml</translation>
  </message>
  <message>
   <source>Open the camera again, or another in its place.</source>
   <translation>카메라를 다시 열거나 다른 카메라로 바꾸세요.</translation>
  </message>
  <message>
   <source>Open the chosen performer's camera again</source>
   <translation>선택한 연기자의 카메라를 다시 엽니다</translation>
  </message>
  <message>
   <source>Open the start page; a running show goes on</source>
   <translation>시작 화면을 엽니다. 진행 중인 공연은 계속됩니다</translation>
  </message>
  <message>
   <source>Other programs may refuse the file.</source>
   <translation>다른 프로그램이 파일을 거부할 수 있습니다.</translation>
  </message>
  <message>
   <source>Others are files of the same avatar: palettes in the show's document.</source>
   <translation>다른 색은 같은 아바타의 파일입니다: 공연 문서의 palettes.</translation>
  </message>
  <message>
   <source>Output</source>
   <translation>출력</translation>
  </message>
  <message>
   <source>Outputs</source>
   <translation>출력</translation>
  </message>
  <message>
   <source>Outro</source>
   <translation>아웃트로</translation>
  </message>
  <message>
   <source>PGM</source>
   <translation>PGM</translation>
  </message>
  <message>
   <source>PREVIEW</source>
   <translation>미리보기</translation>
  </message>
  <message>
   <source>PROGRAM</source>
   <translation>프로그램</translation>
  </message>
  <message>
   <source>PROGRAM · ON AIR</source>
   <translation>프로그램 · 방송 중</translation>
  </message>
  <message>
   <source>Pause</source>
   <translation>일시정지</translation>
  </message>
  <message>
   <source>Pause song</source>
   <translation>곡 일시정지</translation>
  </message>
  <message>
   <source>Performer {number}</source>
   <translation>연기자 {number}</translation>
  </message>
  <message>
   <source>Performers</source>
   <translation>출연자</translation>
  </message>
  <message>
   <source>Permission by</source>
   <translation>허락한 사람</translation>
  </message>
  <message>
   <source>Phones, suits, voices</source>
   <translation>휴대폰, 슈트, 목소리</translation>
  </message>
  <message>
   <source>Ports of trackers</source>
   <translation>트래커 포트</translation>
  </message>
  <message>
   <source>Position of the look's base</source>
   <translation>기본 룩의 위치</translation>
  </message>
  <message>
   <source>Position of the moving heads</source>
   <translation>무빙 라이트의 위치</translation>
  </message>
  <message>
   <source>Press Return: preview and program change places.</source>
   <translation>Return을 누르면 미리보기와 프로그램이 바뀝니다.</translation>
  </message>
  <message>
   <source>Press a control of the desk, then move one of the MIDI controller: it is bound</source>
   <translation>데스크의 버튼을 누른 뒤 MIDI 컨트롤러를 움직이면 연결됩니다</translation>
  </message>
  <message>
   <source>Press a control of the desk, then send an OSC message: its address is bound</source>
   <translation>데스크의 버튼을 누른 뒤 OSC 메시지를 보내면 그 주소가 연결됩니다</translation>
  </message>
  <message>
   <source>Previous</source>
   <translation>이전</translation>
  </message>
  <message>
   <source>Previous avatar</source>
   <translation>이전 아바타</translation>
  </message>
  <message>
   <source>Previous bus</source>
   <translation>이전 버스</translation>
  </message>
  <message>
   <source>Previous limb</source>
   <translation>이전 부위</translation>
  </message>
  <message>
   <source>Previous output</source>
   <translation>이전 출력</translation>
  </message>
  <message>
   <source>Program</source>
   <translation>프로그램</translation>
  </message>
  <message>
   <source>Programs may read it differently.</source>
   <translation>프로그램마다 다르게 읽을 수 있습니다.</translation>
  </message>
  <message>
   <source>Prompt for the performer</source>
   <translation>출연자 안내</translation>
  </message>
  <message>
   <source>Prompt screen</source>
   <translation>안내 화면</translation>
  </message>
  <message>
   <source>Put the camera on air at once</source>
   <translation>카메라를 바로 내보냅니다</translation>
  </message>
  <message>
   <source>Put the camera on preview</source>
   <translation>카메라를 미리보기에 올립니다</translation>
  </message>
  <message>
   <source>Put the camera that is tried in the place of the one in use, without a gap</source>
   <translation>시험 중인 카메라로 끊김 없이 바꿉니다</translation>
  </message>
  <message>
   <source>Put the chosen cue on standby</source>
   <translation>선택한 큐를 대기시킵니다</translation>
  </message>
  <message>
   <source>Put the next cue on standby without running this one</source>
   <translation>이 큐를 실행하지 않고 다음 큐를 대기시킵니다</translation>
  </message>
  <message>
   <source>Put the previous cue on standby</source>
   <translation>이전 큐를 대기시킵니다</translation>
  </message>
  <message>
   <source>Put the program on air with every planned output</source>
   <translation>예정된 모든 출력으로 프로그램을 내보냅니다</translation>
  </message>
  <message>
   <source>Put the prompt screen where the performer reads it, then calibrate.</source>
   <translation>출연자가 볼 수 있는 곳에 안내 화면을 띄우고 보정하세요.</translation>
  </message>
  <message>
   <source>R arm</source>
   <translation>오른팔</translation>
  </message>
  <message>
   <source>R hand</source>
   <translation>오른손</translation>
  </message>
  <message>
   <source>R leg</source>
   <translation>오른다리</translation>
  </message>
  <message>
   <source>Raise the chosen bus by {number} dB</source>
   <translation>선택한 버스를 {number} dB 올립니다</translation>
  </message>
  <message>
   <source>Raise the grand master by 5 %</source>
   <translation>그랜드 마스터를 5 % 올립니다</translation>
  </message>
  <message>
   <source>Raise the grand master to 100 % in half a second</source>
   <translation>0.5초 동안 그랜드 마스터를 100 %로 올립니다</translation>
  </message>
  <message>
   <source>Reconnects</source>
   <translation>재연결</translation>
  </message>
  <message>
   <source>Record</source>
   <translation>녹화</translation>
  </message>
  <message>
   <source>Record the program to a new file</source>
   <translation>프로그램을 새 파일로 녹화합니다</translation>
  </message>
  <message>
   <source>Record what I do</source>
   <translation>조작 기록</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>다시 실행</translation>
  </message>
  <message>
   <source>Redo the edit that was undone last</source>
   <translation>마지막으로 취소한 편집을 다시 실행합니다</translation>
  </message>
  <message>
   <source>Rehearse, nothing goes out</source>
   <translation>리허설, 송출 없음</translation>
  </message>
  <message>
   <source>Release idols</source>
   <translation>정지 해제</translation>
  </message>
  <message>
   <source>Reopen camera</source>
   <translation>카메라 다시 열기</translation>
  </message>
  <message>
   <source>Reset peaks</source>
   <translation>피크 초기화</translation>
  </message>
  <message>
   <source>Resume</source>
   <translation>계속</translation>
  </message>
  <message>
   <source>Resume song</source>
   <translation>곡 계속</translation>
  </message>
  <message>
   <source>Retry</source>
   <translation>재시도</translation>
  </message>
  <message>
   <source>Return</source>
   <translation>리턴</translation>
  </message>
  <message>
   <source>Return to the camera that the chosen performer had before it was replaced</source>
   <translation>선택한 출연자의 이전 카메라로 돌아갑니다</translation>
  </message>
  <message>
   <source>Return to the state before the cue that ran last</source>
   <translation>마지막 큐를 실행하기 전 상태로 돌아갑니다</translation>
  </message>
  <message>
   <source>Rights</source>
   <translation>권리</translation>
  </message>
  <message>
   <source>Rights of this show</source>
   <translation>이 공연의 권리</translation>
  </message>
  <message>
   <source>Rim left</source>
   <translation>림 왼쪽</translation>
  </message>
  <message>
   <source>Rim right</source>
   <translation>림 오른쪽</translation>
  </message>
  <message>
   <source>SLATE</source>
   <translation>대기 화면</translation>
  </message>
  <message>
   <source>STANDBY</source>
   <translation>대기</translation>
  </message>
  <message>
   <source>STARTING</source>
   <translation>시작 중</translation>
  </message>
  <message>
   <source>STOPPING</source>
   <translation>마무리 중</translation>
  </message>
  <message>
   <source>Save show</source>
   <translation>공연 저장</translation>
  </message>
  <message>
   <source>Say first who sits at this desk: F9.</source>
   <translation>먼저 이 데스크의 담당자를 적으세요: F9.</translation>
  </message>
  <message>
   <source>See the output's row for its reason; retry or stop it.</source>
   <translation>출력 줄에서 이유를 보고 재시도하거나 중지하세요.</translation>
  </message>
  <message>
   <source>Set the chosen bus to {number} dB</source>
   <translation>선택한 버스를 {number} dB로 맞춥니다</translation>
  </message>
  <message>
   <source>Setlist</source>
   <translation>세트리스트</translation>
  </message>
  <message>
   <source>Shorter dissolve</source>
   <translation>디졸브 짧게</translation>
  </message>
  <message>
   <source>Show</source>
   <translation>공연</translation>
  </message>
  <message>
   <source>Show camera</source>
   <translation>카메라 보기</translation>
  </message>
  <message>
   <source>Show lights</source>
   <translation>조명 보기</translation>
  </message>
  <message>
   <source>Show mode, layout locked</source>
   <translation>공연 모드, 배치 잠김</translation>
  </message>
  <message>
   <source>Show or hide the list of alarms</source>
   <translation>경보 목록을 보이거나 숨깁니다</translation>
  </message>
  <message>
   <source>Show or hide the notes of the cues</source>
   <translation>큐의 메모를 보이거나 숨깁니다</translation>
  </message>
  <message>
   <source>Show output</source>
   <translation>출력 보기</translation>
  </message>
  <message>
   <source>Show place</source>
   <translation>위치 보기</translation>
  </message>
  <message>
   <source>Show rights</source>
   <translation>권리 보기</translation>
  </message>
  <message>
   <source>Show sound</source>
   <translation>음향 보기</translation>
  </message>
  <message>
   <source>Show the licence, or let the idol leave.</source>
   <translation>라이선스를 제시하거나 아이돌을 퇴장시키세요.</translation>
  </message>
  <message>
   <source>Show the performer what to do, on a second screen where there is one</source>
   <translation>출연자가 할 일을 보여 줍니다. 두 번째 화면이 있으면 거기에 띄웁니다</translation>
  </message>
  <message>
   <source>Show the slate instead of the program and stop all cues</source>
   <translation>프로그램 대신 대기 화면을 내보내고 모든 큐를 멈춥니다</translation>
  </message>
  <message>
   <source>Shows</source>
   <translation>공연</translation>
  </message>
  <message>
   <source>Shows and devices</source>
   <translation>공연과 장치</translation>
  </message>
  <message>
   <source>Sides</source>
   <translation>양옆</translation>
  </message>
  <message>
   <source>Skip</source>
   <translation>건너뛰기</translation>
  </message>
  <message>
   <source>Slate</source>
   <translation>대기 화면</translation>
  </message>
  <message>
   <source>Slate off</source>
   <translation>대기 화면 끄기</translation>
  </message>
  <message>
   <source>Softer</source>
   <translation>작게</translation>
  </message>
  <message>
   <source>Song</source>
   <translation>곡</translation>
  </message>
  <message>
   <source>Sound</source>
   <translation>음향</translation>
  </message>
  <message>
   <source>Sound outputs</source>
   <translation>소리 출력</translation>
  </message>
  <message>
   <source>Space is GO: it runs the next cue of the list.</source>
   <translation>스페이스는 GO입니다. 목록의 다음 큐를 실행합니다.</translation>
  </message>
  <message>
   <source>Sparks</source>
   <translation>불꽃</translation>
  </message>
  <message>
   <source>Stand by</source>
   <translation>대기</translation>
  </message>
  <message>
   <source>Start</source>
   <translation>시작</translation>
  </message>
  <message>
   <source>Start First Light</source>
   <translation>First Light 시작</translation>
  </message>
  <message>
   <source>Start one on the start page (F9); the desk finds every show of this machine by itself.</source>
   <translation>시작 화면(F9)에서 시작하세요. 이 컴퓨터의 공연은 데스크가 스스로 찾습니다.</translation>
  </message>
  <message>
   <source>Start song</source>
   <translation>곡 시작</translation>
  </message>
  <message>
   <source>Start the chosen cue with the state that all cues before it leave</source>
   <translation>앞의 모든 큐가 남긴 상태로 선택한 큐를 시작합니다</translation>
  </message>
  <message>
   <source>Start the chosen output; the others go on</source>
   <translation>선택한 출력을 시작합니다. 나머지는 계속됩니다</translation>
  </message>
  <message>
   <source>Start the cue on standby</source>
   <translation>대기 중인 큐를 시작합니다</translation>
  </message>
  <message>
   <source>Start the next song of the setlist at once</source>
   <translation>세트리스트의 다음 곡을 바로 시작합니다</translation>
  </message>
  <message>
   <source>Start the song that is next in the setlist</source>
   <translation>세트리스트의 다음 곡을 시작합니다</translation>
  </message>
  <message>
   <source>State</source>
   <translation>상태</translation>
  </message>
  <message>
   <source>Stop</source>
   <translation>중지</translation>
  </message>
  <message>
   <source>Stop calibration</source>
   <translation>보정 중지</translation>
  </message>
  <message>
   <source>Stop every list, and turn the stage's light off at once</source>
   <translation>모든 목록을 멈추고 무대 조명을 바로 끕니다</translation>
  </message>
  <message>
   <source>Stop recording</source>
   <translation>녹화 중지</translation>
  </message>
  <message>
   <source>Stop show</source>
   <translation>공연 중지</translation>
  </message>
  <message>
   <source>Stop the streams; a recording continues</source>
   <translation>스트림을 멈춥니다. 녹화는 계속됩니다</translation>
  </message>
  <message>
   <source>Swap</source>
   <translation>교체</translation>
  </message>
  <message>
   <source>Sweep</source>
   <translation>훑기</translation>
  </message>
  <message>
   <source>T-bar</source>
   <translation>T바</translation>
  </message>
  <message>
   <source>Take bin</source>
   <translation>테이크 보관함</translation>
  </message>
  <message>
   <source>Take care of the worst alarm; it stays until its cause goes</source>
   <translation>가장 심한 경보를 맡습니다. 원인이 사라질 때까지 남습니다</translation>
  </message>
  <message>
   <source>Take off air</source>
   <translation>방송 내리기</translation>
  </message>
  <message>
   <source>Take {number} on limb</source>
   <translation>테이크 {number} 적용</translation>
  </message>
  <message>
   <source>Takes on whole idol</source>
   <translation>테이크를 온몸에</translation>
  </message>
  <message>
   <source>Talk</source>
   <translation>토크</translation>
  </message>
  <message>
   <source>Talkback</source>
   <translation>토크백</translation>
  </message>
  <message>
   <source>Ten seconds with the performer: relax, smile, open, close, look around</source>
   <translation>연기자와 10초: 힘 빼기, 미소, 열기, 닫기, 둘러보기</translation>
  </message>
  <message>
   <source>Terms of the file, unsigned</source>
   <translation>파일의 조건, 서명 없음</translation>
  </message>
  <message>
   <source>Territories</source>
   <translation>지역</translation>
  </message>
  <message>
   <source>Thank you, that is all</source>
   <translation>고맙습니다, 끝났습니다</translation>
  </message>
  <message>
   <source>That did not work yet</source>
   <translation>아직 되지 않았습니다</translation>
  </message>
  <message>
   <source>The audience jumps</source>
   <translation>관객이 뜁니다</translation>
  </message>
  <message>
   <source>The audience stands still</source>
   <translation>관객이 가만히 있습니다</translation>
  </message>
  <message>
   <source>The audience waves</source>
   <translation>관객이 손을 흔듭니다</translation>
  </message>
  <message>
   <source>The avatar has no other colours. Give it palettes in the show's document.</source>
   <translation>아바타에 다른 색이 없습니다. 공연 문서에 palettes를 적으세요.</translation>
  </message>
  <message>
   <source>The avatar is being read; its card comes in some seconds.</source>
   <translation>아바타를 읽는 중입니다. 잠시 뒤 카드가 나옵니다.</translation>
  </message>
  <message>
   <source>The avatar is still being checked. Wait for its verdict.</source>
   <translation>아바타를 확인하는 중입니다. 판정을 기다리세요.</translation>
  </message>
  <message>
   <source>The camera that is tried gives no picture yet.</source>
   <translation>시험 중인 카메라의 화면이 아직 없습니다.</translation>
  </message>
  <message>
   <source>The check begins when the devices are listed…</source>
   <translation>장치를 찾은 뒤 점검을 시작합니다…</translation>
  </message>
  <message>
   <source>The cue list is at its end.</source>
   <translation>큐 목록이 끝났습니다.</translation>
  </message>
  <message>
   <source>The desk cannot follow a show</source>
   <translation>데스크가 공연을 따라갈 수 없습니다</translation>
  </message>
  <message>
   <source>The desk has these keys itself: {keys}.</source>
   <translation>데스크가 이미 쓰는 키: {keys}.</translation>
  </message>
  <message>
   <source>The desk shows a concert and calls it; the show runs beside it, and goes on if this window closes. The tour takes two minutes.</source>
   <translation>데스크는 공연을 보여 주고 부릅니다. 공연은 따로 돌아가며 이 창을 닫아도 계속됩니다. 둘러보기는 2분 걸립니다.</translation>
  </message>
  <message>
   <source>The desk waits here for it.</source>
   <translation>여기서 기다립니다.</translation>
  </message>
  <message>
   <source>The desk waits here for the next one.</source>
   <translation>다음 공연을 여기서 기다립니다.</translation>
  </message>
  <message>
   <source>The devices could not be listed</source>
   <translation>장치를 찾을 수 없었습니다</translation>
  </message>
  <message>
   <source>The document has the new avatar; a running show takes it when it starts again.</source>
   <translation>문서에 새 아바타가 들어갔습니다. 진행 중인 공연에는 다시 시작할 때 적용됩니다.</translation>
  </message>
  <message>
   <source>The face is calibrated.</source>
   <translation>얼굴이 보정되었습니다.</translation>
  </message>
  <message>
   <source>The face is not calibrated.</source>
   <translation>얼굴이 보정되지 않았습니다.</translation>
  </message>
  <message>
   <source>The face was calibrated. Repeat it after a change.</source>
   <translation>얼굴이 보정되었습니다. 바뀐 것이 있으면 다시 하세요.</translation>
  </message>
  <message>
   <source>The file</source>
   <translation>파일</translation>
  </message>
  <message>
   <source>The file keeps to its format, and has what a show needs.</source>
   <translation>파일이 형식에 맞고, 공연에 필요한 것을 갖추었습니다.</translation>
  </message>
  <message>
   <source>The idol holds its last pose; see the log.</source>
   <translation>아이돌이 마지막 자세로 멈춰 있습니다. 기록을 보세요.</translation>
  </message>
  <message>
   <source>The machine could not be checked</source>
   <translation>컴퓨터를 점검할 수 없었습니다</translation>
  </message>
  <message>
   <source>The performer's camera cannot be opened again: it is a file or another desk's.</source>
   <translation>연기자의 카메라를 다시 열 수 없습니다. 파일이거나 다른 데스크의 것입니다.</translation>
  </message>
  <message>
   <source>The performer's camera has not been replaced.</source>
   <translation>출연자의 카메라를 바꾼 적이 없습니다.</translation>
  </message>
  <message>
   <source>The picture comes in a moment.</source>
   <translation>화면이 곧 나옵니다.</translation>
  </message>
  <message>
   <source>The picture follows your hand; at the other end preview and program change places</source>
   <translation>화면이 손을 따라갑니다. 반대쪽 끝에서 미리보기와 프로그램이 바뀝니다</translation>
  </message>
  <message>
   <source>The recordings folder {folder} cannot be made ({why}).</source>
   <translation>녹화 폴더 {folder}을(를) 만들 수 없습니다({why}).</translation>
  </message>
  <message>
   <source>The show could not be started: {program} cannot be run.</source>
   <translation>공연을 시작할 수 없습니다: {program}을(를) 실행할 수 없습니다.</translation>
  </message>
  <message>
   <source>The show has ended</source>
   <translation>공연이 끝났습니다</translation>
  </message>
  <message>
   <source>The show has no bus “{name}”. Give its document [sound].</source>
   <translation>공연에 버스 “{name}”이(가) 없습니다. 문서에 [sound]를 넣으세요.</translation>
  </message>
  <message>
   <source>The show has no camera {number}.</source>
   <translation>공연에 카메라 {number}이(가) 없습니다.</translation>
  </message>
  <message>
   <source>The show has no look {number}.</source>
   <translation>공연에 룩 {number}이(가) 없습니다.</translation>
  </message>
  <message>
   <source>The show has no performers.</source>
   <translation>공연에 연기자가 없습니다.</translation>
  </message>
  <message>
   <source>The show has stopped answering</source>
   <translation>공연이 응답하지 않습니다</translation>
  </message>
  <message>
   <source>The show is not on air.</source>
   <translation>방송 중이 아닙니다.</translation>
  </message>
  <message>
   <source>The show is not on air. Go live first: every planned output starts then.</source>
   <translation>방송 중이 아닙니다. 먼저 방송을 시작하면 예정된 출력이 모두 시작됩니다.</translation>
  </message>
  <message>
   <source>The show is on air.</source>
   <translation>방송 중입니다.</translation>
  </message>
  <message>
   <source>The show is over.</source>
   <translation>공연이 끝났습니다.</translation>
  </message>
  <message>
   <source>The show is starting; the desk follows it when it answers.</source>
   <translation>공연을 시작하는 중입니다. 응답하면 데스크가 따라갑니다.</translation>
  </message>
  <message>
   <source>The show sends its song as it is. Give its document [sound] or microphones for faders and meters: docs/sound.md.</source>
   <translation>곡을 그대로 내보냅니다. 페이더와 미터를 쓰려면 문서에 [sound]나 마이크를 넣으세요: docs/sound.md</translation>
  </message>
  <message>
   <source>The stream goes to a folder of this machine: {folder}</source>
   <translation>스트림은 이 컴퓨터의 폴더로 갑니다: {folder}</translation>
  </message>
  <message>
   <source>The system's language</source>
   <translation>시스템 언어</translation>
  </message>
  <message>
   <source>The take bin has no take {number}.</source>
   <translation>보관함에 테이크 {number}이(가) 없습니다.</translation>
  </message>
  <message>
   <source>The waveform comes in a moment.</source>
   <translation>곧 파형이 나옵니다.</translation>
  </message>
  <message>
   <source>They are tried again while the others are on air; else one that fails stops all</source>
   <translation>나머지를 내보내며 다시 시도합니다. 아니면 하나만 실패해도 모두 멈춥니다</translation>
  </message>
  <message>
   <source>This show has no MIDI controller. Give its document [control.midi].</source>
   <translation>이 공연에는 MIDI 컨트롤러가 없습니다. 문서에 [control.midi]를 넣으세요.</translation>
  </message>
  <message>
   <source>This show has no cues. Give it a document with looks, cameras or cue lists.</source>
   <translation>이 공연에는 큐가 없습니다. 룩, 카메라, 큐 목록이 있는 문서를 주세요.</translation>
  </message>
  <message>
   <source>This show has no document to edit.</source>
   <translation>이 공연에는 편집할 문서가 없습니다.</translation>
  </message>
  <message>
   <source>This show has no mixer. Give its document [sound] or microphones.</source>
   <translation>이 공연에는 믹서가 없습니다. 문서에 [sound]나 마이크를 넣으세요.</translation>
  </message>
  <message>
   <source>This show has no songs. Give its document [[songs]].</source>
   <translation>이 공연에는 곡이 없습니다. 문서에 [[songs]]를 넣으세요.</translation>
  </message>
  <message>
   <source>This show receives no OSC. Give its document [control.osc].</source>
   <translation>이 공연은 OSC를 받지 않습니다. 문서에 [control.osc]를 넣으세요.</translation>
  </message>
  <message>
   <source>Time of a frame</source>
   <translation>프레임 시간</translation>
  </message>
  <message>
   <source>Torso</source>
   <translation>몸통</translation>
  </message>
  <message>
   <source>Tour</source>
   <translation>둘러보기</translation>
  </message>
  <message>
   <source>Type a command: cut, slate, output…</source>
   <translation>명령 입력: 컷, 대기 화면, 출력…</translation>
  </message>
  <message>
   <source>Type the address of a camera, and look at it first.</source>
   <translation>카메라 주소를 입력하고 먼저 확인하세요.</translation>
  </message>
  <message>
   <source>Type the address of another output; on air it starts alone</source>
   <translation>다른 출력의 주소를 입력합니다. 방송 중에는 그 출력만 시작합니다</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>실행 취소</translation>
  </message>
  <message>
   <source>Undo the newest edit of the show's document</source>
   <translation>공연 문서의 가장 새로운 편집을 취소합니다</translation>
  </message>
  <message>
   <source>Universe {number}</source>
   <translation>유니버스 {number}</translation>
  </message>
  <message>
   <source>Unreadable messages</source>
   <translation>읽을 수 없는 메시지</translation>
  </message>
  <message>
   <source>Until {time}</source>
   <translation>{time}까지</translation>
  </message>
  <message>
   <source>Use</source>
   <translation>용도</translation>
  </message>
  <message>
   <source>Verse</source>
   <translation>벌스</translation>
  </message>
  <message>
   <source>Video encoders</source>
   <translation>영상 인코더</translation>
  </message>
  <message>
   <source>View</source>
   <translation>보기</translation>
  </message>
  <message>
   <source>WARNING</source>
   <translation>경고</translation>
  </message>
  <message>
   <source>Waiting for “{title}” to report.</source>
   <translation>“{title}”의 보고를 기다립니다.</translation>
  </message>
  <message>
   <source>Wash</source>
   <translation>워시</translation>
  </message>
  <message>
   <source>Watch it with “encore watch”. End pressed twice stops the show; Ctrl+K finds every command, F9 the shows.</source>
   <translation>“encore watch”로 보세요. End를 두 번 누르면 공연이 멈춥니다. Ctrl+K는 모든 명령, F9는 공연을 찾습니다.</translation>
  </message>
  <message>
   <source>Wear now</source>
   <translation>지금 바꾸기</translation>
  </message>
  <message>
   <source>Welcome</source>
   <translation>환영합니다</translation>
  </message>
  <message>
   <source>What licences and files say; the show is declared {use}</source>
   <translation>라이선스와 파일의 내용, 이 공연의 신고: {use}</translation>
  </message>
  <message>
   <source>Who performs, and for whose profit?</source>
   <translation>누가 공연하고, 누구의 이익인가요?</translation>
  </message>
  <message>
   <source>Who sits at this desk</source>
   <translation>이 데스크의 오퍼레이터</translation>
  </message>
  <message>
   <source>Write the show's document to its file</source>
   <translation>공연 문서를 파일에 씁니다</translation>
  </message>
  <message>
   <source>You are on air</source>
   <translation>방송 중입니다</translation>
  </message>
  <message>
   <source>alarm cleared</source>
   <translation>경보 해소</translation>
  </message>
  <message>
   <source>alarm raised</source>
   <translation>경보 발생</translation>
  </message>
  <message>
   <source>all seen</source>
   <translation>모두 보임</translation>
  </message>
  <message>
   <source>allowed</source>
   <translation>허용</translation>
  </message>
  <message>
   <source>allowed for this show</source>
   <translation>이 공연에 허용됨</translation>
  </message>
  <message>
   <source>allowed, ends soon</source>
   <translation>허용, 곧 만료</translation>
  </message>
  <message>
   <source>any firm, also a small one</source>
   <translation>작은 회사도 포함</translation>
  </message>
  <message>
   <source>are in the program while camera {numbers} is</source>
   <translation>카메라 {numbers}이(가) 나가는 동안 프로그램에 나옵니다</translation>
  </message>
  <message>
   <source>are seen by the crew alone</source>
   <translation>제작진만 봅니다</translation>
  </message>
  <message>
   <source>as {avatar}</source>
   <translation>{avatar} 역</translation>
  </message>
  <message>
   <source>being drawn…</source>
   <translation>그리는 중…</translation>
  </message>
  <message>
   <source>body</source>
   <translation>몸</translation>
  </message>
  <message>
   <source>by a company</source>
   <translation>회사의 사용</translation>
  </message>
  <message>
   <source>calibrated</source>
   <translation>보정됨</translation>
  </message>
  <message>
   <source>calls cues, cameras, songs and outputs</source>
   <translation>큐, 카메라, 곡, 출력을 부릅니다</translation>
  </message>
  <message>
   <source>camera</source>
   <translation>카메라</translation>
  </message>
  <message>
   <source>camera {number}</source>
   <translation>카메라 {number}</translation>
  </message>
  <message>
   <source>camera:1, rtsp://…</source>
   <translation>camera:1, rtsp://…</translation>
  </message>
  <message>
   <source>cameras</source>
   <translation>카메라</translation>
  </message>
  <message>
   <source>cannot be loaded</source>
   <translation>불러올 수 없음</translation>
  </message>
  <message>
   <source>capture</source>
   <translation>캡처</translation>
  </message>
  <message>
   <source>changes the show's document as well</source>
   <translation>공연 문서도 바꿉니다</translation>
  </message>
  <message>
   <source>checking…</source>
   <translation>확인 중…</translation>
  </message>
  <message>
   <source>cleared by itself</source>
   <translation>저절로 해소됨</translation>
  </message>
  <message>
   <source>close-up</source>
   <translation>클로즈업</translation>
  </message>
  <message>
   <source>collect</source>
   <translation>수집</translation>
  </message>
  <message>
   <source>command</source>
   <translation>명령</translation>
  </message>
  <message>
   <source>control</source>
   <translation>진행</translation>
  </message>
  <message>
   <source>decides on licences, and who may do what</source>
   <translation>라이선스와 권한을 정합니다</translation>
  </message>
  <message>
   <source>denied</source>
   <translation>거부됨</translation>
  </message>
  <message>
   <source>desk</source>
   <translation>데스크</translation>
  </message>
  <message>
   <source>director</source>
   <translation>연출</translation>
  </message>
  <message>
   <source>disk</source>
   <translation>디스크</translation>
  </message>
  <message>
   <source>draw</source>
   <translation>그리기</translation>
  </message>
  <message>
   <source>edit</source>
   <translation>편집</translation>
  </message>
  <message>
   <source>encode</source>
   <translation>인코딩</translation>
  </message>
  <message>
   <source>ended</source>
   <translation>종료</translation>
  </message>
  <message>
   <source>every idol is allowed</source>
   <translation>모든 아이돌이 허용됨</translation>
  </message>
  <message>
   <source>everywhere</source>
   <translation>모든 지역</translation>
  </message>
  <message>
   <source>face</source>
   <translation>얼굴</translation>
  </message>
  <message>
   <source>faces</source>
   <translation>얼굴</translation>
  </message>
  <message>
   <source>failed</source>
   <translation>실패</translation>
  </message>
  <message>
   <source>fault</source>
   <translation>장애</translation>
  </message>
  <message>
   <source>file without faults</source>
   <translation>파일에 문제 없음</translation>
  </message>
  <message>
   <source>frame rate</source>
   <translation>프레임률</translation>
  </message>
  <message>
   <source>frozen</source>
   <translation>정지</translation>
  </message>
  <message>
   <source>go</source>
   <translation>방송 가능</translation>
  </message>
  <message>
   <source>gone</source>
   <translation>없어짐</translation>
  </message>
  <message>
   <source>good</source>
   <translation>양호</translation>
  </message>
  <message>
   <source>hands</source>
   <translation>손</translation>
  </message>
  <message>
   <source>head</source>
   <translation>머리</translation>
  </message>
  <message>
   <source>heard</source>
   <translation>수신</translation>
  </message>
  <message>
   <source>held</source>
   <translation>유지</translation>
  </message>
  <message>
   <source>idle</source>
   <translation>휴식</translation>
  </message>
  <message>
   <source>in all</source>
   <translation>전체</translation>
  </message>
  <message>
   <source>interrupted</source>
   <translation>중단됨</translation>
  </message>
  <message>
   <source>joined</source>
   <translation>연결됨</translation>
  </message>
  <message>
   <source>kbit/s</source>
   <translation>kbit/s</translation>
  </message>
  <message>
   <source>last 10 min, up to {rate} kbit/s</source>
   <translation>최근 10분, 최대 {rate} kbit/s</translation>
  </message>
  <message>
   <source>levelled {db} dB</source>
   <translation>음량 보정 {db} dB</translation>
  </message>
  <message>
   <source>limiter {db} dB</source>
   <translation>리미터 {db} dB</translation>
  </message>
  <message>
   <source>live</source>
   <translation>라이브</translation>
  </message>
  <message>
   <source>looks at the show</source>
   <translation>공연을 봅니다</translation>
  </message>
  <message>
   <source>lost</source>
   <translation>끊김</translation>
  </message>
  <message>
   <source>may do all</source>
   <translation>모두 가능</translation>
  </message>
  <message>
   <source>mirrored</source>
   <translation>미러</translation>
  </message>
  <message>
   <source>missing</source>
   <translation>빠짐</translation>
  </message>
  <message>
   <source>motion</source>
   <translation>동작</translation>
  </message>
  <message>
   <source>muted</source>
   <translation>음소거</translation>
  </message>
  <message>
   <source>needs a permission</source>
   <translation>허락 필요</translation>
  </message>
  <message>
   <source>network</source>
   <translation>네트워크</translation>
  </message>
  <message>
   <source>next: {line}</source>
   <translation>다음: {line}</translation>
  </message>
  <message>
   <source>no camera</source>
   <translation>카메라 없음</translation>
  </message>
  <message>
   <source>no picture comes</source>
   <translation>영상 없음</translation>
  </message>
  <message>
   <source>no source</source>
   <translation>송신 없음</translation>
  </message>
  <message>
   <source>no sponsor, no sale</source>
   <translation>후원도 판매도 없음</translation>
  </message>
  <message>
   <source>no warning</source>
   <translation>경고 없음</translation>
  </message>
  <message>
   <source>no-go: {count}</source>
   <translation>방송 불가: {count}</translation>
  </message>
  <message>
   <source>nobody seen</source>
   <translation>아무도 없음</translation>
  </message>
  <message>
   <source>none open</source>
   <translation>경보 없음</translation>
  </message>
  <message>
   <source>none planned</source>
   <translation>예정 없음</translation>
  </message>
  <message>
   <source>not calibrated</source>
   <translation>보정 안 됨</translation>
  </message>
  <message>
   <source>not here</source>
   <translation>없음</translation>
  </message>
  <message>
   <source>not judged</source>
   <translation>판정 없음</translation>
  </message>
  <message>
   <source>note</source>
   <translation>참고</translation>
  </message>
  <message>
   <source>off</source>
   <translation>꺼짐</translation>
  </message>
  <message>
   <source>on</source>
   <translation>켬</translation>
  </message>
  <message>
   <source>open</source>
   <translation>미확인</translation>
  </message>
  <message>
   <source>opening</source>
   <translation>여는 중</translation>
  </message>
  <message>
   <source>outputs</source>
   <translation>출력</translation>
  </message>
  <message>
   <source>over {time}</source>
   <translation>{time} 초과</translation>
  </message>
  <message>
   <source>performed by {who}</source>
   <translation>연기: {who}</translation>
  </message>
  <message>
   <source>personal, for profit</source>
   <translation>개인, 영리</translation>
  </message>
  <message>
   <source>personal, not for profit</source>
   <translation>개인, 비영리</translation>
  </message>
  <message>
   <source>phone</source>
   <translation>휴대폰</translation>
  </message>
  <message>
   <source>planned</source>
   <translation>예정</translation>
  </message>
  <message>
   <source>pose</source>
   <translation>포즈</translation>
  </message>
  <message>
   <source>read back</source>
   <translation>읽기</translation>
  </message>
  <message>
   <source>ready</source>
   <translation>준비됨</translation>
  </message>
  <message>
   <source>reconnecting</source>
   <translation>재연결 중</translation>
  </message>
  <message>
   <source>refused</source>
   <translation>거부</translation>
  </message>
  <message>
   <source>refused with some performers</source>
   <translation>일부 연기자는 거부</translation>
  </message>
  <message>
   <source>refused: {count}</source>
   <translation>거절: {count}</translation>
  </message>
  <message>
   <source>render</source>
   <translation>렌더</translation>
  </message>
  <message>
   <source>render {render}, encode {encode}, network {network}</source>
   <translation>렌더 {render}, 인코드 {encode}, 네트워크 {network}</translation>
  </message>
  <message>
   <source>retrying</source>
   <translation>재시도 중</translation>
  </message>
  <message>
   <source>rights</source>
   <translation>권리</translation>
  </message>
  <message>
   <source>running</source>
   <translation>송출 중</translation>
  </message>
  <message>
   <source>runs</source>
   <translation>실행 중</translation>
  </message>
  <message>
   <source>seeing</source>
   <translation>보임</translation>
  </message>
  <message>
   <source>seen</source>
   <translation>보임</translation>
  </message>
  <message>
   <source>send</source>
   <translation>전송</translation>
  </message>
  <message>
   <source>silent</source>
   <translation>무음</translation>
  </message>
  <message>
   <source>silent {seconds} s</source>
   <translation>{seconds}초 무신호</translation>
  </message>
  <message>
   <source>solve</source>
   <translation>동작 계산</translation>
  </message>
  <message>
   <source>song lowered {db} dB</source>
   <translation>곡 낮춤 {db} dB</translation>
  </message>
  <message>
   <source>sound</source>
   <translation>음향</translation>
  </message>
  <message>
   <source>springs</source>
   <translation>흔들림</translation>
  </message>
  <message>
   <source>stalled</source>
   <translation>멈춤</translation>
  </message>
  <message>
   <source>starts when the show goes live</source>
   <translation>방송을 시작하면 열립니다</translation>
  </message>
  <message>
   <source>state</source>
   <translation>상태</translation>
  </message>
  <message>
   <source>suit</source>
   <translation>슈트</translation>
  </message>
  <message>
   <source>switched off by {who}</source>
   <translation>{who}이(가) 끔</translation>
  </message>
  <message>
   <source>take</source>
   <translation>테이크</translation>
  </message>
  <message>
   <source>taken</source>
   <translation>사용 중</translation>
  </message>
  <message>
   <source>the house's own label</source>
   <translation>기본 표시</translation>
  </message>
  <message>
   <source>this desk</source>
   <translation>이 데스크</translation>
  </message>
  <message>
   <source>this performer</source>
   <translation>이 연기자</translation>
  </message>
  <message>
   <source>tickets, gifts, advertising</source>
   <translation>티켓, 후원, 광고</translation>
  </message>
  <message>
   <source>to learn from</source>
   <translation>배우기용</translation>
  </message>
  <message>
   <source>view</source>
   <translation>보기</translation>
  </message>
  <message>
   <source>voice</source>
   <translation>목소리</translation>
  </message>
  <message>
   <source>waiting</source>
   <translation>대기</translation>
  </message>
  <message>
   <source>weak</source>
   <translation>약함</translation>
  </message>
  <message>
   <source>without end</source>
   <translation>기한 없음</translation>
  </message>
  <message>
   <source>worst first; click one to acknowledge it</source>
   <translation>심한 것부터, 눌러서 확인</translation>
  </message>
  <message>
   <source>{count} HELD</source>
   <translation>{count}곳 정지</translation>
  </message>
  <message>
   <source>{count} above 0</source>
   <translation>{count}채널 켜짐</translation>
  </message>
  <message>
   <source>{count} by hand</source>
   <translation>수동 {count}</translation>
  </message>
  <message>
   <source>{count} faults in the file</source>
   <translation>파일 문제 {count}건</translation>
  </message>
  <message>
   <source>{count} notes on the file</source>
   <translation>파일 참고 {count}건</translation>
  </message>
  <message>
   <source>{count} of {all} calibrated</source>
   <translation>{all}명 중 {count}명 보정됨</translation>
  </message>
  <message>
   <source>{count} open</source>
   <translation>미확인 {count}</translation>
  </message>
  <message>
   <source>{count} planned</source>
   <translation>예정 {count}개</translation>
  </message>
  <message>
   <source>{days} days left</source>
   <translation>{days}일 남음</translation>
  </message>
  <message>
   <source>{file} is no file.</source>
   <translation>{file}은(는) 파일이 아닙니다.</translation>
  </message>
  <message>
   <source>{file} is no folder and no avatar (.vrm).</source>
   <translation>{file}은(는) 폴더도 아바타(.vrm)도 아닙니다.</translation>
  </message>
  <message>
   <source>{file} is ready: edit it, check it, rehearse it.</source>
   <translation>{file} 준비됨: 편집, 점검, 리허설하세요.</translation>
  </message>
  <message>
   <source>{limbs} lost</source>
   <translation>{limbs} 놓침</translation>
  </message>
  <message>
   <source>{limbs} weak</source>
   <translation>{limbs} 약함</translation>
  </message>
  <message>
   <source>{limb} HELD</source>
   <translation>{limb} 정지</translation>
  </message>
  <message>
   <source>{loudness} LUFS now, {whole} whole show, true peak {peak} dB</source>
   <translation>현재 {loudness} LUFS, 전체 {whole}, 트루 피크 {peak} dB</translation>
  </message>
  <message>
   <source>{name} and {count} more</source>
   <translation>{name} 외 {count}</translation>
  </message>
  <message>
   <source>{name} cannot be loaded: {fault}</source>
   <translation>{name}을(를) 불러올 수 없습니다: {fault}</translation>
  </message>
  <message>
   <source>{name} has been opened already.</source>
   <translation>{name}은(는) 이미 열렸습니다.</translation>
  </message>
  <message>
   <source>{name} is not open.</source>
   <translation>{name}은(는) 열려 있지 않습니다.</translation>
  </message>
  <message>
   <source>{name} is not running</source>
   <translation>{name}이(가) 실행 중이 아닙니다</translation>
  </message>
  <message>
   <source>{name} may not be shown with {who}: {why}</source>
   <translation>{name}은(는) {who}와(과) 함께 보일 수 없습니다: {why}</translation>
  </message>
  <message>
   <source>{running} of {count} running</source>
   <translation>{count}개 중 {running}개 송출 중</translation>
  </message>
  <message>
   <source>{source}: all</source>
   <translation>{source}: 전체</translation>
  </message>
  <message>
   <source>{source}: nothing</source>
   <translation>{source}: 없음</translation>
  </message>
  <message>
   <source>{stage}: half of the frames take up to {p50} ms, 95 % {p95} ms, 99 % {p99} ms</source>
   <translation>{stage}: 프레임의 절반은 {p50} ms, 95 %는 {p95} ms, 99 %는 {p99} ms 이내</translation>
  </message>
  <message>
   <source>{step} of {steps}</source>
   <translation>{steps}단계 중 {step}</translation>
  </message>
  <message>
   <source>{take} plays.</source>
   <translation>{take} 재생 중.</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>{time} 남음</translation>
  </message>
  <message>
   <source>{title} can have no controller.</source>
   <translation>{title}에는 컨트롤러를 연결할 수 없습니다.</translation>
  </message>
 </context>
</TS>
